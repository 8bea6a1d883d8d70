import Basics
import Lineage

extension AskOutcome {
  /// A response, with all answers in it.
  mutating func count(_ answer: TeacherAnswer) {
    answeredCount += 1
    for part in [answer] + answer.others.compactMap(\.answer) {
      usage.promptTokenCount += part.usage.promptTokenCount
      usage.completionTokenCount += part.usage.completionTokenCount
    }
    estimatedCount += answer.isUsageEstimated ? 1 : 0
    repairedCount += answer.repairCount > 0 ? 1 : 0
  }

  /// What answers that came otherwise count.
  mutating func add(_ other: AskOutcome) {
    answeredCount += other.answeredCount
    usage.promptTokenCount += other.usage.promptTokenCount
    usage.completionTokenCount += other.usage.completionTokenCount
    estimatedCount += other.estimatedCount
    repairedCount += other.repairedCount
  }
}

extension Sample {
  /// Whether the answer holds no text.
  public var isBlank: Bool { text.allSatisfy(\.isWhitespace) }
}

/// What the first answers of a run are worth: whether asking on is worth its money.
struct FirstAnswers {
  /// So many show it.
  static let answerCount = 20

  private var seenCount = 0
  private var emptyCount = 0
  private var cutCount = 0
  private var unfitCount = 0
  private var misfitCount = 0
  private var firstText: String?
  private var alikeCount = 0

  mutating func count(_ sample: Sample, isUsable: (Sample) -> Bool) {
    guard seenCount < Self.answerCount else {
      seenCount += 1
      return
    }
    seenCount += 1
    firstText = firstText ?? sample.text
    if sample.text == firstText { alikeCount += 1 }
    if sample.isBlank {
      emptyCount += 1
    } else if !isUsable(sample) {
      if sample.finishReason == .stop { unfitCount += 1 } else { cutCount += 1 }
    }
  }

  /// An answer that fits no schema, however often it was sent back.
  mutating func countMisfit() {
    if seenCount < Self.answerCount { misfitCount += 1 }
    seenCount += 1
  }

  /// An error from the run's 20th answer on where most of these are of no use; nil before, and where they are.
  var fault: HintedError? { uselessness ?? sameness }

  /// Labels may well be alike 20 times; no longer texts are by chance.
  private static let labelByteCount = 16

  private var sameness: HintedError? {
    guard alikeCount >= Self.answerCount, let text = firstText, text.utf8.count > Self.labelByteCount else {
      return nil
    }
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return HintedError(
      "the first \(Self.answerCount) answers are all the same: '\(words.prefix(80))'; all are stored and paid for",
      hint: "a server that does not get the prompt answers so: look at the template, and at the profile's keys rename "
        + "and body; --unchecked goes on all the same", status: .badData)
  }

  private var uselessness: HintedError? {
    let uselessCount = emptyCount + cutCount + unfitCount + misfitCount
    guard seenCount >= Self.answerCount, 2 * uselessCount > Self.answerCount else { return nil }
    let parts = [
      (emptyCount, "empty"), (cutCount, "cut"), (unfitCount, "refused by curation"),
      (misfitCount, "not as their schema"),
    ]
    let said = parts.filter { $0.0 > 0 }.map { "\($0.0) are \($0.1)" }.joined(separator: ", ")
    return HintedError(
      "of the first \(Self.answerCount) answers nothing is left of \(uselessCount): \(said); "
        + "all are stored and paid for",
      hint: "\(cure); --unchecked goes on all the same", status: .badData)
  }

  private var cure: String {
    switch max(emptyCount, cutCount, unfitCount, misfitCount) {
    case emptyCount:
      "the model spends its tokens on thought or refuses: raise sampling.maxTokens, turn its reasoning off by the "
        + "profile's key body, or change the template"
    case cutCount:
      "raise sampling.maxTokens, give sampling.stop a text that ends an answer, set curation.truncated, or ask for "
        + "less at once"
    case misfitCount:
      "raise sampling.maxTokens, say in the template what is wanted, allow more in the schema, or ask a teacher that "
        + "holds schemas"
    default: "change the template, or the recipe's curation"
    }
  }
}
