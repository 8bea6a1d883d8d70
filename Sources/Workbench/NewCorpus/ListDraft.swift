import Basics
import Lineage
import Teachers

/// A teacher's word lists for a new corpus, read from its answer with care: it is asked for JSON and may say anything.
struct ListDraft: Sendable {
  var words: [String: [String]] = [:]
  /// Entries that no list can hold, or that came twice.
  var droppedCount = 0

  /// What the teacher is asked.
  static func question(about: String, kind: CorpusDraft.Kind) -> String {
    let things = kind == .dialogue ? "exchanges between a person and a small device" : "short texts"
    let keys = kind.lists.map { "\"\($0.plural)\": [\"…\"]" }.joined(separator: ", ")
    let rules = kind.lists.map { "- \($0.plural): \($0.instruction)" }.joined(separator: "\n")
    return """
      I am collecting \(things). This is what they are for: \(about)

      Answer with one JSON object and nothing else: {\(keys)}
      \(rules)
      """
  }

  /// - Throws: `HintedError` with the reason why an answer is of no use.
  init(reading answer: String, kind: CorpusDraft.Kind) throws {
    guard let start = answer.firstIndex(of: "{"), let end = answer.lastIndex(of: "}"), start < end else {
      throw Self.failure("holds no JSON object", answer)
    }
    guard let value = try? LenientJSON(Array(answer[start...end].utf8)).value else {
      throw Self.failure("holds no JSON that can be read", answer)
    }
    for list in kind.lists {
      guard let items = value[list.plural]?.items else { throw Self.failure("lacks the list '\(list.plural)'", answer) }
      let kept = Self.kept(items)
      droppedCount += items.count - kept.count
      guard kept.count >= list.minimumCount else {
        throw Self.failure("has \(kept.count) \(list.plural) of use, and \(list.minimumCount) are needed", answer)
      }
      words[list.name] = kept
    }
  }

  /// The entries of a list that are words or phrases, each once.
  private static func kept(_ items: [JSONValue]) -> [String] {
    var seen: Set<String> = []
    return items.prefix(CorpusDraft.wordLimit).compactMap { item in
      guard let text = item.text else { return nil }
      var word = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      // They end a phrase of a template, which goes on behind them.
      while word.last == "." || word.last == "," { word.removeLast() }
      let isFit = CorpusDraft.fault(ofWord: word) == nil && seen.insert(word.lowercased()).inserted
      return isFit ? word : nil
    }
  }

  static func failure(_ what: String, _ answer: String) -> HintedError {
    let beginning = answer.split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(120)
    return HintedError(
      "the teacher's draft \(what); it begins with '\(beginning)'",
      hint: "the answer is kept, and asked for again with another --seed or description; or write the lists yourself, "
        + "with --about and --topics")
  }
}

/// What a draft brought, and cost.
public struct DraftedLists: Sendable {
  public var words: [String: [String]]
  public var droppedCount: Int
  /// US dollars of this run.
  public var cost: Double
}

extension Workbench {
  /// Lets a teacher write the word lists of a new corpus: one request, in the ledger as every other.
  /// - Parameter seed: another one asks again.
  public func draftLists(
    about: String, kind: CorpusDraft.Kind, teacher name: String, seed: UInt64, spendMaximum: Double?
  ) async throws -> DraftedLists {
    let access = try TeacherAccess(named: name, in: folders)
    var sampling = access.profile.sampling
    sampling.maxTokens = max(sampling.maxTokens, 2048)
    sampling.seed = seed
    let prompt = try Prompt(
      index: 0, messages: [Message(.user, ListDraft.question(about: about, kind: kind))], sampling: sampling)
    let outcome = try await access.ask([prompt], ledger: ledger, within: Budget(maximum: spendMaximum))
    if let refused = outcome.refused.first {
      throw HintedError(
        "the teacher refuses to draft the lists: \(refused.refusal.detail)",
        hint: "describe it in other words, or write the lists yourself, with --about and --topics", status: .unavailable
      )
    }
    guard let sample = outcome.samples.first, !sample.isBlank else { throw ListDraft.failure("is empty", "") }
    let isWhole = sample.finishReason == .stop
    do {
      let draft = try ListDraft(reading: sample.text, kind: kind)
      return DraftedLists(words: draft.words, droppedCount: draft.droppedCount, cost: outcome.cost)
    } catch let error as HintedError where !isWhole {
      throw HintedError("\(error.message) (and was cut before its end)", hint: error.hint, status: error.status)
    }
  }
}
