import Basics
import Curation
import Lineage

/// Asks in rounds until curation has kept as many documents as the recipe wants.
///
/// Everything that decides which prompts are asked comes from the answers in the prompts' order, so that the same
/// answers give the same samples however often the run was stopped between.
struct AskRounds: Sendable {
  let target: Recipe.Prompting.Target
  let curation: CurationSettings

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

  /// - Parameter ask: answers a round's prompts, in their order; those that are refused have no answer.
  func run(
    _ prompts: PromptStream, ask: (_ round: [Prompt], _ isFirst: Bool) async throws -> [Sample]
  ) async throws -> Result {
    var result = Result()
    var curator = try Curator(settings: curation)
    var recent: [Novelty] = []
    var cursor = prompts.cursor()
    while case let round = try cursor.take(nextPromptCount(after: result)), !round.isEmpty {
      let samples = try await ask(round, result.promptCount == 0)
      result.promptCount += round.count
      result.samples += samples
      for sample in samples {
        let novelty = Novelty(curator.verdicts(on: sample))
        result.documentCount += novelty.newCount
        recent.append(novelty)
      }
      recent = recent.suffix(target.answers)
      if let reason = ending(result, recent) {
        result.end = reason
        break
      }
    }
    return result
  }

  private func ending(_ result: Result, _ recent: [Novelty]) -> End? {
    if result.documentCount >= target.documents { return .reached }
    guard recent.count >= target.answers else { return nil }
    let newCount = recent.reduce(0) { $0 + $1.newCount }
    let count = recent.reduce(0) { $0 + $1.newCount + $1.repeatedCount }
    let share = Double(newCount) / Double(max(1, count))
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

/// What one answer added.
private struct Novelty {
  var newCount = 0
  var repeatedCount = 0

  init(_ verdicts: [Verdict]) {
    for verdict in verdicts {
      switch verdict {
      case .accepted: newCount += 1
      case .rejected(let rejection): repeatedCount += rejection.reason == .duplicate ? 1 : 0
      }
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
