import Basics
import Formats
import Foundation
import Ledger
import Lineage
import Shipping
import Teachers

extension BundleRebuild {
  /// Where the work is done: a project with the bundle's recipe alone, and a workspace.
  struct Scratch: Sendable {
    var folders: ProjectFolders
    var workspace: Workspace
  }

  /// Makes everything again, step by step, until something differs.
  /// - Parameters:
  ///   - scratch: a folder that is made, and removed again unless something differs.
  ///   - project: has the teachers' profiles and grammars.
  ///   - ledgerPath: has the answers; a file that is not there has none.
  ///   - isDryRun: only says how long it takes.
  ///   - announce: told of the plan before training starts.
  public func run(
    scratch folder: String, project: ProjectFolders, ledgerPath: String, isDryRun: Bool,
    announce: @Sendable (Plan) -> Void, emit: @escaping EventSink
  ) async throws -> Outcome {
    try? FileManager.default.removeItem(atPath: folder)
    let known = FileManager.default.fileExists(atPath: ledgerPath) ? try Ledger(path: ledgerPath) : nil
    let scratch = try scratch(in: folder, project)
    try AtomicFile.makeFolder(scratch.workspace.root)
    let ledger =
      try await known?.copyWithoutReceipts(to: scratch.workspace.ledgerPath)
      ?? Ledger(path: scratch.workspace.ledgerPath)
    var options = Pipeline.Options()
    // Nothing is paid for; what is missing is an error.
    options.spendMaximum = 0
    let opened = try CorpusFolder.open(corpus, in: scratch.folders)
    let pipeline = try Pipeline(
      corpus: opened, folders: scratch.folders, workspace: scratch.workspace, ledger: ledger, options: options,
      emit: emit)
    try await checkAnswers(opened, scratch.folders, ledger, ledgerPath, emit)
    var (plan, steps) = (Plan(seconds: 0, basis: .receipts, differences: try differences(from: pipeline)), [Step]())
    if let seconds = try await recordedSeconds(known) {
      plan.seconds = seconds
    } else {
      emit(.notice("no receipt here says how long it took: what comes before training is done first, then it is timed"))
      let startedAt = Date()
      steps = try await made(pipeline, before: .train)
      plan.basis = .measured
      let trained = steps.allSatisfy(\.isEqual) ? try pipeline.expectedTrainingSeconds() : 0
      plan.seconds = Date().timeIntervalSince(startedAt) + trained
    }
    announce(plan)
    if !isDryRun, steps.allSatisfy(\.isEqual) { steps = try await made(pipeline, before: nil) }
    let isEqual = steps.allSatisfy(\.isEqual)
    if isEqual { try? FileManager.default.removeItem(atPath: folder) }
    return Outcome(
      bundle: bundle.id, verdict: !isEqual ? .different : isDryRun ? .planned : .equal, plan: plan, steps: steps)
  }

  private func recordedSeconds(_ ledger: Ledger?) async throws -> Double? {
    guard let ledger else { return nil }
    return try await recordedSeconds(ledger)
  }

  /// Runs the steps up to the first that differs.
  /// - Parameter end: the step to stop before; nil for none.
  private func made(_ pipeline: Pipeline, before end: StageName?) async throws -> [Step] {
    var steps: [Step] = []
    for stage in Self.stages where end.map({ stage < $0 }) ?? true {
      guard let receipt = try await pipeline.make(until: stage)[stage] else { continue }
      steps.append(compare(receipt))
      if steps.last?.isEqual == false { break }
    }
    return steps
  }

  private func scratch(in folder: String, _ project: ProjectFolders) throws -> Scratch {
    let root = "\(URL(fileURLWithPath: folder).path)/project"
    let folders = ProjectFolders(root: root)
    let evidence = CorpusFolder.evidenceNames
    for file in bundle.files where file.path.hasPrefix("recipe/") || evidence.contains(file.path) {
      let path = file.path.hasPrefix("recipe/") ? String(file.path.dropFirst("recipe/".count)) : file.path
      try AtomicFile.write(file.bytes, to: "\(folders.corpora)/\(corpus)/\(path)")
    }
    for (link, target) in [(folders.teachers, project.teachers), ("\(root)/firmware", project.firmware)] {
      try FileManager.default.createSymbolicLink(
        atPath: link, withDestinationPath: URL(fileURLWithPath: target).path)
    }
    return Scratch(folders: folders, workspace: Workspace(root: "\(URL(fileURLWithPath: folder).path)/workspace"))
  }

  /// A teacher of somebody else is never asked: its answers would be others, and cost money.
  private func checkAnswers(
    _ opened: CorpusFolder, _ folders: ProjectFolders, _ ledger: Ledger, _ ledgerPath: String, _ emit: EventSink
  ) async throws {
    guard opened.recipe.source == nil else { return }
    let step = try Pipeline.askStep(opened, folders, ledger, Pipeline.Options(), Budget(maximum: 0))
    let preview = try await step.preview()
    // With a target, nobody knows beforehand how many of the prompts were asked.
    guard preview.requestCount > 0, preview.targetDocumentCount == nil else { return }
    guard step.teachers.allSatisfy(\.profile.dialect.isServedHere) else {
      throw HintedError(
        "\(ledgerPath) lacks \(preview.requestCount) of the \(preview.requestCount + preview.answeredCount) answers",
        hint: "name the ledger of the workspace that the bundle was made in: --ledger FOLDER/ledger.sqlite",
        status: .unavailable)
    }
    emit(
      .notice("\(preview.requestCount) answers are not in \(ledgerPath): the teacher of this project is asked for them")
    )
  }
}

extension Pipeline {
  /// What decides a step's outputs beside its inputs; nil for a step that the corpus does not have.
  func settings(of stage: StageName) throws -> [String: String]? {
    guard let step = steps.first(where: { $0.name == stage }) else { return nil }
    return try step.settings().merging(["alambic": AlambicVersion.current]) { $1 }
  }

  /// How long training takes, from a few steps that nobody keeps; the shards must be there.
  func expectedTrainingSeconds() throws -> Double {
    guard let step = steps.lazy.compactMap({ $0 as? TrainStep }).first else { return 0 }
    return try step.expectedSeconds(shards: workspace.shards(corpus.name))
  }
}
