import Formats
import Lineage

/// A question, what was replied, and the verdict.
struct JudgedReply: Sendable {
  var question: Question
  var reply: Reply
  var judgement: Judgement

  /// What has not ended is not right, however well it begins.
  var reason: JudgementReason { !reply.isComplete && judgement.isRight ? .unfinished : judgement.reason }

  var shown: Score.Answer {
    Score.Answer(
      set: question.set, request: question.request, reply: reply.text,
      expected: question.expectedReplies.first?.trimmingSuffixNewlines, reason: reason)
  }
}

extension String {
  fileprivate var trimmingSuffixNewlines: String { String(reversed().drop { $0.isNewline }.reversed()) }
}

/// Counts judged replies.
enum Tally {
  /// A result a set, in the order of `QuestionSet`.
  static func results(_ replies: [JudgedReply]) -> [Score.SetResult] {
    QuestionSet.allCases.compactMap { set in
      let members = replies.filter { $0.question.set == set }
      return members.isEmpty ? nil : result(set, members)
    }
  }

  private static func result(_ set: QuestionSet, _ members: [JudgedReply]) -> Score.SetResult {
    var result = Score.SetResult(set: set, right: Proportion(rightCount: 0, count: 0))
    var labels: [String: Proportion] = [:]
    var slots: [String: Proportion] = [:]
    for member in members {
      let isRight = member.reason == .right
      result.right.add(isRight)
      if member.reason == .wronglyRefused { result.wrongRefusalCount += 1 }
      if !member.reply.isComplete { result.unfinishedCount += 1 }
      result.unknownByteCount += member.reply.unknownByteCount
      if let label = member.judgement.label ?? member.question.label {
        labels[label, default: Proportion(rightCount: 0, count: 0)].add(isRight)
      }
      for slot in member.judgement.slots {
        slots[slot.name, default: Proportion(rightCount: 0, count: 0)].add(slot.isEchoed)
      }
    }
    result.labels = groups(labels)
    result.slots = groups(slots)
    return result
  }

  private static func groups(_ proportions: [String: Proportion]) -> [Score.Group] {
    proportions.sorted { $0.key < $1.key }.map { Score.Group(name: $0.key, right: $0.value) }
  }

  /// The first wrong answers, taken from the sets in turn: a set that is all wrong must not hide the others.
  static func wrongAnswers(_ replies: [JudgedReply], limit: Int) -> [Score.Answer] {
    let wrong = replies.filter { $0.reason != .right }
    let bySet = QuestionSet.allCases.map { set in wrong.filter { $0.question.set == set } }
    let longest = bySet.map(\.count).max() ?? 0
    let inTurn = (0..<longest).lazy.flatMap { round in
      bySet.compactMap { $0.indices.contains(round) ? $0[round] : nil }
    }
    let kept = Array(inTurn.prefix(limit))
    return QuestionSet.allCases.flatMap { set in kept.filter { $0.question.set == set }.map(\.shown) }
  }
}

extension Score.SetResult {
  var withoutGroups: Score.SetResult {
    var result = self
    (result.labels, result.slots) = ([], [])
    return result
  }
}
