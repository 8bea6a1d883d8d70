import Basics
import Curation
import Foundation
import Lineage

/// Asks in rounds until curation has kept as many documents as the recipe wants.
///
/// Everything that decides which prompts are asked comes from the answers in the prompts' order, so that the same
/// answers give the same samples however often the run was stopped between.
struct AskRounds: Sendable {
  let target: Recipe.Prompting.Target
  let curation: CurationSettings
  /// What people decided about texts, and ordered to be taken out: the rest counts.
  var decisions = Decisions()
  var removals = SampleRemovals(standing: [], expander: nil)

  /// Why no more is asked.
  enum End: Hashable, Sendable {
    case reached
    /// So small a share of the documents of the last answers was new.
    case saturated(newShare: Double)
    /// All prompts that the recipe allows are asked.
    case askedAll
  }

  struct Result: Sendable {
    var samples: [Sample] = []
    var promptCount = 0
    /// As many as `curate` will keep.
    var documentCount = 0
    var end = End.askedAll
  }

  /// As many as show whether a run is worth its money.
  static let firstPromptCount = 20
  /// Fewer would keep a server waiting.
  static let leastPromptCount = 8

  /// - Parameters:
  ///   - judge: takes out of a curation what the recipe's judge does not want.
  ///   - ask: answers a round's prompts, in their order; those that are refused have no answer.
  func run(
    _ prompts: PromptStream, judge: (Curation) async throws -> Curation,
    ask: (_ round: [Prompt], _ isFirst: Bool) async throws -> [Sample]
  ) async throws -> Result {
    var result = Result()
    var (curator, found) = (try Curator(settings: curation), Curation())
    var cursor = prompts.cursor()
    while case let round = try cursor.take(nextPromptCount(after: result)), !round.isEmpty {
      let samples = try await ask(round, result.promptCount == 0)
      result.promptCount += round.count
      result.samples += samples
      let (counted, removed) = try removals.applied(to: samples)
      found.record(removed)
      for sample in counted { for verdict in curator.verdicts(on: sample) { found.record(verdict) } }
      // Anew for all that came so far, since a later answer may stand for an earlier one: what is counted is what
      // `curate` will keep.
      let kept = decisions.applied(to: try await judge(curated(found)), splitter: DocumentSplitter(curation))
      result.documentCount = kept.documents.count
      if let reason = ending(result, Novelty(of: result.samples.suffix(target.answers), in: kept)) {
        result.end = reason
        break
      }
    }
    return result
  }

  /// As `curate` does it, before the judge.
  private func curated(_ found: Curation) async throws -> Curation {
    try await found.joiningNearDuplicates(
      as: curation, threadCount: ProcessInfo.processInfo.activeProcessorCount
    ).refusingLate(as: curation)
  }

  private func ending(_ result: Result, _ recent: Novelty) -> End? {
    if result.documentCount >= target.documents { return .reached }
    guard result.samples.count >= target.answers else { return nil }
    let share = Double(recent.newCount) / Double(max(1, recent.newCount + recent.repeatedCount))
    return share < target.newShare ? .saturated(newShare: share) : nil
  }

  /// As many as are still needed if prompts go on to bring what they have brought; but so few that what is asked
  /// beyond the point where nothing new comes is little beside what was asked before.
  private func nextPromptCount(after result: Result) -> Int {
    guard result.documentCount > 0 else { return Self.firstPromptCount }
    let missing = Double(target.documents - result.documentCount)
    let count = (missing * Double(result.promptCount) / Double(result.documentCount)).rounded(.up)
    let most = max(Self.leastPromptCount, target.answers, result.promptCount / 4)
    return min(max(Int(min(count, 1e9)), Self.leastPromptCount), most)
  }
}

/// What the last answers added. What the judge does not want is neither new nor a repetition.
private struct Novelty {
  var newCount = 0
  var repeatedCount = 0

  init(of samples: ArraySlice<Sample>, in curation: Curation) {
    let ids = Set(samples.map(\.id))
    newCount = curation.documents.count { ids.contains($0.sampleID) }
    repeatedCount = curation.rejections.count {
      ($0.reason == .duplicate || $0.reason == .nearDuplicate) && ids.contains($0.sampleID)
    }
  }
}

extension AskRounds {
  /// How far the run came, for its summary.
  func summary(of result: Result) -> String {
    let share = "\(ReadableUnits.count(result.documentCount)) of \(ReadableUnits.count(target.documents)) documents"
    return switch result.end {
    case .reached: share
    case .saturated(let newShare):
      "\(share): of the last \(target.answers) answers' documents \(Self.percent(newShare)) were new"
    case .askedAll: "\(share): all \(ReadableUnits.count(result.promptCount)) prompts are asked"
    }
  }

  /// What a person should know where the target was not reached.
  func notice(of result: Result) -> String? {
    switch result.end {
    case .reached: nil
    case .saturated:
      "asking stops at \(summary(of: result)), below prompting.target.newShare \(Self.percent(target.newShare)); "
        + "more words in the lists or more templates bring other answers"
    case .askedAll:
      "asking stops at \(summary(of: result)); prompting.count says how many may be"
    }
  }

  private static func percent(_ share: Double) -> String { "\((1000 * share).rounded() / 10) %" }
}
