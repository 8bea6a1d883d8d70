import Basics
import Foundation
import Ledger
import Lineage
import Teachers

/// Asks one part of a corpus's prompts. It reads the project and the workspace, writes into a folder of its own, and
/// needs no other part.
public struct PartRun: Sendable {
  private let corpus: CorpusFolder
  private let folders: ProjectFolders
  private let workspace: Workspace
  private let place: PartFolder
  private let emit: EventSink
  private var options: Pipeline.Options

  /// - Parameter options: its limit of spending is the one of all parts together.
  /// - Throws: `HintedError` for a corpus that cannot be asked in parts.
  public init(
    _ part: Part, of corpus: String, workspace: Workspace, folders: ProjectFolders? = nil, options: Pipeline.Options,
    emit: @escaping EventSink = { _ in }
  ) throws {
    self.folders = try folders ?? ProjectFolders.locate()
    self.corpus = try CorpusFolder.open(corpus, in: self.folders)
    self.workspace = workspace
    self.options = options
    self.emit = emit
    place = PartFolder(part, of: corpus, in: workspace)
    try self.corpus.checkTakesParts(options)
    // Before there is a folder.
    for teacher in try self.corpus.teachers(in: self.folders, endpoint: options.endpoint) {
      _ = try teacher.sharingPace(among: options.sharingCount)
    }
  }

  /// Asks what no earlier attempt at this part has an answer to.
  /// - Returns: what the attempt left; of an earlier one, where that is complete.
  public func ask() async throws -> (manifest: PartManifest, isNew: Bool) {
    let lock = try FolderLock(place)
    defer { withExtendedLifetime(lock) {} }
    let earlier = place.attempts()
    let number = try place.addAttempt()
    let ledger = try Ledger(path: place.ledger(ofAttempt: number))
    let whole = try step(ledger, options)
    let settings = try whole.partSettings()
    let inputs = try ContentID(ofCanonical: settings)
    if let winner = place.winner(inputs: inputs).manifest {
      try ledger.close()
      try FileManager.default.removeItem(atPath: place.attempt(number))
      return (winner, false)
    }
    let startedAt = Date()
    emit(.started(.ask))
    let held = try await takeOver(earlier, into: ledger, number, prompts: whole.prompts)
    let (asked, promptCount) = try await ask(ledger, inputs, held)
    let counts = try await ledger.counts()
    try await ledger.closeAsOneFile()
    let path = place.ledger(ofAttempt: number)
    let manifest = PartManifest(
      schema: PartManifest.schema, stage: .ask, corpus: corpus.name, part: place.part, attempt: number, inputs: inputs,
      settings: settings, promptCount: promptCount, answerCount: asked.samples.count,
      refusedCount: asked.outcome.refused.count, answers: asked.samples.artifact.id,
      ledger: try ContentID(ofFile: path), ledgerByteCount: try RandomAccessFile(path).byteCount,
      cost: max(0, counts.cost - held.base), possibleCost: counts.possibleCost,
      startedAt: startedAt.formatted(.iso8601),
      durationSeconds: Date().timeIntervalSince(startedAt), alambic: AlambicVersion.current)
    try AtomicFile.write(try CanonicalJSON.pretty(manifest), to: place.manifest(ofAttempt: number))
    emit(.finished(.ask, summary: manifest.summary, seconds: manifest.durationSeconds))
    return (manifest, true)
  }

  private func step(_ ledger: Ledger, _ options: Pipeline.Options) throws -> AskStep {
    try Pipeline.askStep(corpus, folders, ledger, options, Budget(maximum: options.spendMaximum))
  }

  /// Asks until all is answered, or neither this part nor a complete one has money left.
  private func ask(
    _ ledger: Ledger, _ inputs: ContentID, _ held: (base: Double, spent: Double)
  ) async throws -> (asked: AskStep.Asked, promptCount: Int) {
    guard let limit = options.spendMaximum else { return try await ask(ledger, within: nil) }
    let budget = PartBudget(limit: limit, beside: place, under: workspace.parts(corpus.name), inputs: inputs)
    var spent = held.spent
    while true {
      let allowance = try budget.allowance(of: place.part.number)
      if allowance - spent > 0 {
        do {
          return try await ask(ledger, within: allowance - spent)
        } catch let error as HintedError where error.code == .budgetSpent {
          let counts = try await ledger.counts()
          spent = counts.cost - held.base + counts.possibleCost
        }
      }
      let taken = try budget.borrow(for: place.part.number)
      guard taken > 0 else { throw exhausted(allowance, spent: spent) }
      emit(.notice("part \(place.part) may spend \(ReadableUnits.dollars(taken)) more, which complete parts left"))
    }
  }

  private func exhausted(_ allowance: Double, spent: Double) -> HintedError {
    HintedError(
      "the next request could cost more than part \(place.part) of \(corpus.name) may spend, which is "
        + "\(ReadableUnits.dollars(allowance)); \(ReadableUnits.dollars(spent)) are spent, with what attempts that "
        + "brought no response may have cost; no complete part has money left",
      hint: "run the same command again when other parts are complete, or with a larger --spend-max",
      code: .budgetSpent)
  }

  private func ask(
    _ ledger: Ledger, within maximum: Double?
  ) async throws -> (asked: AskStep.Asked, promptCount: Int) {
    var options = options
    options.spendMaximum = maximum
    var step = try step(ledger, options)
    step.prompts = try step.prompts.filter { [part = place.part] in part.holds($0) }
    let progress = ProgressSink(stage: .ask, emit: emit)
    let asked = try await step.withTeachers { try await step.asked(by: $0, progress) }
    return (asked, step.prompts.count)
  }

  /// Puts into a new ledger what is known of this part's prompts: by the workspace, and by earlier attempts.
  /// - Returns: what stands in the ledger and was paid outside of this part, and what earlier attempts spent.
  private func takeOver(
    _ earlier: [Int], into ledger: Ledger, _ attempt: Int, prompts: PromptStream
  ) async throws -> (base: Double, spent: Double) {
    var wanted: Set<ContentID> = []
    try await prompts.forEachPortion { portion in
      for prompt in portion where place.part.holds(prompt) { wanted.formUnion([prompt.id, prompt.leadID]) }
    }
    let copy = "\(place.attempt(attempt))/other"
    try await LedgerCopy(of: workspace.ledgerPath, in: copy)?.use {
      _ = try await ledger.takeOver(.answers(of: wanted), from: $0)
    }
    let base = try await ledger.counts().cost
    for number in earlier {
      do {
        try await LedgerCopy(of: place.ledger(ofAttempt: number), in: copy)?.use {
          // Of bytes that nobody vouches for any more only the bill is taken.
          _ = try await ledger.takeOver(place.isIntact(number) ? .all : .bills, from: $0)
        }
      } catch let error as HintedError where error.status == .badData {
        emit(.notice("attempt \(number) is passed over: \(error.message)"))
      }
    }
    let counts = try await ledger.counts()
    return (base, counts.cost - base + counts.possibleCost)
  }
}

extension PartManifest {
  fileprivate var summary: String {
    "part \(part): \(ReadableUnits.count(answerCount)) answers to \(ReadableUnits.count(promptCount)) prompts"
      + (refusedCount == 0 ? "" : ", \(ReadableUnits.count(refusedCount)) refused by the teacher")
      + " · \(ReadableUnits.dollars(cost))"
      + (possibleCost == 0
        ? "" : " · up to \(ReadableUnits.dollars(possibleCost)) more for attempts without a response")
  }
}

extension AskStep {
  /// All that decides the answers of the corpus, whichever part is asked.
  func partSettings() throws -> [String: String] {
    var settings = try settings()
    settings["alambic"] = AlambicVersion.current
    return settings
  }
}

extension CorpusFolder {
  /// - Throws: `HintedError` for what only one process can do.
  func checkTakesParts(_ options: Pipeline.Options) throws {
    if recipe.source != nil {
      throw HintedError("\(name) asks no teacher", hint: "its text comes from `source`", status: .usage)
    }
    if recipe.prompting?.target != nil {
      throw HintedError(
        "\(name) asks until prompting.target is reached, which no part can know",
        hint: "say prompting.count and leave out the target, or ask without --part", status: .usage)
    }
    if options.batches || options.forgetsBatches {
      throw HintedError(
        "--part does not go with --batch: a batch is handed in once for all prompts",
        hint: "ask without --part; a batch needs no second machine", status: .usage)
    }
    if options.localFile != nil {
      throw HintedError("--part does not go with --from", hint: "leave --from out", status: .usage)
    }
  }
}

/// A ledger that another process wrote, and may have left with a journal: read from a copy, so that the original stays
/// as it is.
struct LedgerCopy {
  private let folder: String
  private var path: String { "\(folder)/ledger.sqlite" }

  /// - Returns: nil where there is no such ledger, or an empty one.
  init?(of original: String, in folder: String) throws {
    let files = FileManager.default
    let size = (try? files.attributesOfItem(atPath: original)[.size] as? Int) ?? 0
    guard size > 0 else { return nil }
    self.folder = folder
    if files.fileExists(atPath: folder) { try files.removeItem(atPath: folder) }
    try AtomicFile.makeFolder(folder)
    for suffix in ["", "-wal"] where files.fileExists(atPath: original + suffix) {
      do {
        try files.copyItem(atPath: original + suffix, toPath: path + suffix)
      } catch {
        throw HintedError("cannot copy \(original + suffix): \(error.localizedDescription)", status: .unavailable)
      }
    }
  }

  /// Runs `body` with the path of the copy, and removes it.
  func use(_ body: (String) async throws -> Void) async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let hasJournal = FileManager.default.fileExists(atPath: "\(path)-wal")
    let ledger = try Ledger(path: path)
    // Whoever wrote may not have been dead: a copy of moving bytes is found out here.
    if hasJournal { try await ledger.checkIntegrity() }
    try await ledger.closeAsOneFile()
    try await body(path)
  }
}
