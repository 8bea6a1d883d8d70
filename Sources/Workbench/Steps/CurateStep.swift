import Basics
import Curation
import Formats
import Foundation
import Lineage
import Similarity

/// Samples to documents and rejections.
struct CurateStep: PipelineStep {
  let name = StageName.curate
  let recipe: Recipe
  let corpus: String
  let workspace: Workspace
  let samples: any SampleSource
  /// Nil where the recipe names none.
  var judge: DocumentJudge?
  /// What people ordered to be taken out.
  var removals = SampleRemovals(standing: [], expander: nil)
  var rewriter: RequestRewriter?

  let curation: CurationSettings
  /// Where the split goes by more than the text.
  var groups: SplitGroups?
  /// What people decided and did not undo.
  private let decisions: Decisions

  init(
    recipe: Recipe, corpus: String, workspace: Workspace, samples: any SampleSource, curation: CurationSettings,
    decisions: Decisions
  ) {
    (self.recipe, self.corpus, self.workspace, self.samples) = (recipe, corpus, workspace, samples)
    self.curation = curation
    self.decisions = decisions
  }

  func inputs(from receipts: [StageName: Receipt]) throws -> [Artifact] {
    [try receipts.output(.samples, of: .ask)]
  }

  func settings() throws -> [String: String] {
    try curation.receiptSettings.merging(judge?.settings() ?? [:]) { own, _ in own }
      .merging(rewriter?.settings() ?? [:]) { own, _ in own }
      .merging(decisions.receiptSettings) { $1 }.merging(removals.receiptSettings) { $1 }
      .merging(groups?.settings() ?? [:]) { $1 }
  }

  func perform(inputs: StepInputs, progress: ProgressSink) async throws -> StepOutcome {
    let (samples, removed) = try removals.applied(to: try await samples.samples(of: inputs.first(.samples)))
    var curator = try Curator(settings: curation)
    var result = Curation()
    result.record(removed)
    for (index, sample) in samples.enumerated() {
      for verdict in curator.verdicts(on: sample) { result.record(verdict) }
      if index.isMultiple(of: 64) { progress(index, of: samples.count, "samples") }
    }
    let threadCount = ProcessInfo.processInfo.activeProcessorCount
    let textCount = result.documents.count + result.rejections.count
    result = try await result.joiningNearDuplicates(as: curation, threadCount: threadCount)
    result = try result.refusingLate(as: curation)
    try check(result, textCount)
    var cost = 0.0
    if let judge { (result, cost) = try await judge.judged(result, progress) }
    if let rewriter {
      let (more, further) = try await rewriter.rewritten(result, judge: judge, progress)
      (result, cost) = (more, cost + further)
    }
    result = decisions.applied(to: result, splitter: DocumentSplitter(curation))
    if let groups {
      let bySample = try groups.groups(of: samples)
      result = try await result.splitting(as: curation, threadCount: threadCount) { groups.group(of: $0, bySample) }
    }
    let outputs = try write(result)
    guard !result.documents.isEmpty else { throw nothingKept(result, of: samples.count + removed.count) }
    return StepOutcome(outputs: outputs, summary: summary(of: result), cost: cost, figures: figures(of: result))
  }

  /// Every text is kept or refused, for one reason.
  private func check(_ result: Curation, _ textCount: Int) throws {
    let refused = result.rejectionCounts.values.reduce(0, +)
    guard result.documents.count + refused == textCount, refused == result.rejections.count else {
      throw HintedError(
        "\(textCount) texts were looked at, but \(result.documents.count + refused) were decided on",
        status: .internalFault)
    }
  }

  /// The rejections are written, so that a person can read them; there is no receipt, and nothing goes on.
  private func nothingKept(_ result: Curation, of sampleCount: Int) -> HintedError {
    let common = result.rejectionCounts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    let cure =
      switch common {
      case .truncated:
        "raise sampling.maxTokens, give sampling.stop a text that ends an answer, or set curation.truncated"
      case .removed: "undo a removal: `alambic corpus remove \(corpus) --list` shows them"
      case .filtered: "the teacher declines: change the templates"
      case .judged: "the judge wants none of them: change the templates, or its section in the recipe"
      case .empty: "the answers hold no text: raise sampling.maxTokens, or turn the model's reasoning off"
      default: "change the recipe's curation, or the templates"
      }
    return HintedError(
      "curation kept nothing of \(ReadableUnits.count(sampleCount)) samples · \(summary(of: result))",
      hint: "\(cure); the rejected texts are in \(workspace.rejectionsFile(corpus))", status: .badData)
  }

  private func write(_ result: Curation) throws -> [Artifact] {
    let (documentsPath, rejectionsPath) = (workspace.documentsFile(corpus), workspace.rejectionsFile(corpus))
    try AtomicFile.write(try RecordFile.encode(result.documents), to: documentsPath)
    try AtomicFile.write(try RecordFile.encode(result.rejections), to: rejectionsPath)
    return [
      try workspace.artifact(.documents, at: documentsPath), try workspace.artifact(.rejections, at: rejectionsPath),
    ]
  }

  private func summary(of result: Curation) -> String {
    let reasons = result.rejectionCounts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key.rawValue)" }
    let refused = reasons.isEmpty ? "none refused" : "refused: \(reasons.joined(separator: ", "))"
    let rewritten = result.documents.count { $0.rewrittenFrom != nil }
    return "\(ReadableUnits.count(result.documents.count)) documents, "
      + "\(ReadableUnits.count(result.documentCount(in: .heldOut))) of them held out"
      + (rewritten == 0 ? "" : ", \(ReadableUnits.count(rewritten)) in other words") + " · \(refused)"
  }

  private func figures(of result: Curation) -> [String: Double] {
    var figures = [
      "documentCount": Double(result.documents.count),
      "heldOutDocumentCount": Double(result.documentCount(in: .heldOut)),
    ]
    for (reason, count) in result.rejectionCounts { figures["rejected.\(reason.rawValue)"] = Double(count) }
    return figures
  }
}

/// Where curation's samples come from, in prompt order: a ledger of answers, or a fetched text.
protocol SampleSource: Sendable {
  /// - Throws: `HintedError` where they are not what the artifact names.
  func samples(of artifact: Artifact) async throws -> [Sample]
}

extension DocumentSplitter {
  init(_ curation: CurationSettings) {
    self.init(heldOutFraction: curation.heldOutFraction, seed: curation.seed)
  }
}

extension CurationSettings {
  /// - Throws: `HintedError` for a similarity that is none.
  init(_ recipe: Recipe) throws {
    let section = recipe.curation
    self.init(
      boundary: DocumentBoundary(section.documentSeparator, source: recipe.source),
      characters: CharacterPolicy(section.characters),
      byteCounts: section.minimumByteCount...max(section.minimumByteCount, section.maximumByteCount),
      truncated: TruncationPolicy(section.truncated),
      heldOutFraction: section.heldOutFraction, seed: recipe.seed)
    filters.accept = section.accept
    filters.reject = section.reject
    filters.blocklist = section.blocklist
    filters.refusesChatter = section.refuse.contains(.chatter)
    filters.refusesRepetition = section.refuse.contains(.repetition)
    filters.refusesPersonalData = section.refuse.contains(.personalData)
    nearDuplicates = try section.nearDuplicates.map { try NearDuplicateSettings(threshold: $0) }
    keepsNearDuplicates = section.keepsNearDuplicates
    filters.scripts = section.scripts
    (openingShare, sharedPart) = (section.openingShare, section.sharedPart)
  }
}

extension TruncationPolicy {
  init(_ truncated: Recipe.Truncated) {
    switch truncated {
    case .refuse: self = .refuse
    case .toLastSentence: self = .toLastSentence
    case .keep: self = .keep
    }
  }
}

extension CharacterPolicy {
  init(_ characters: Recipe.Characters) {
    switch characters {
    case .keep: self = .keep
    case .foldPunctuation: self = .foldPunctuation
    case .ascii: self = .ascii
    }
  }
}

extension DocumentBoundary {
  /// A fetched text has its own separator; answers have the recipe's.
  init(_ separator: Recipe.DocumentSeparator, source: Recipe.Source?) {
    if let source {
      self = .separator(source.separator)
      return
    }
    switch separator {
    case .wholeAnswer: self = .wholeAnswer
    case .blankLine: self = .blankLine
    }
  }
}
