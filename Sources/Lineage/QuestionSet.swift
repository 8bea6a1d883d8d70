/// What an evaluation asks, by where the questions come from. Specified in docs/formats/score.md.
public enum QuestionSet: String, Hashable, Codable, Sendable, CaseIterable {
  /// Held-out documents whose request training never saw.
  case heldOut = "held-out"
  /// Words that training never saw.
  case phrasings
  /// Held-out requests with one typo.
  case typo
  /// Held-out requests in other letters.
  case letterCase = "case"
  /// Held-out requests with a mark less, more, or another.
  case punctuation
  /// Requests about something else, to be refused.
  case offTopic = "off-topic"
  /// Values that the domain lacks, to be refused or asked back.
  case outOfRange = "out-of-range"

  /// For a person, in a table.
  public var title: String {
    switch self {
    case .heldOut: "held-out requests"
    case .phrasings: "unseen phrasings"
    case .typo: "one typo"
    case .letterCase: "other case"
    case .punctuation: "other punctuation"
    case .offTopic: "off topic, refused"
    case .outOfRange: "out of range, refused"
    }
  }

  /// Whether its requests should be answered, and not refused.
  public var isInDomain: Bool { self != .offTopic && self != .outOfRange }
  /// Whether its requests are held-out ones, slightly changed.
  public var isPerturbed: Bool { [.typo, .letterCase, .punctuation].contains(self) }
}

/// Why a reply is right or wrong: stable words, counted and shown. Specified in docs/formats/score.md.
public enum JudgementReason: String, Hashable, Codable, Sendable, CaseIterable {
  case right
  /// Nothing that the grammar could say, or empty.
  case malformed
  /// It did not end within its limit.
  case unfinished
  /// It answers another kind of request.
  case wrongKind = "wrong-kind"
  /// It lacks a value that the request names, or has another.
  case wrongSlot = "wrong-slot"
  /// Another text than the corpus's.
  case different
  /// The judging teacher says no.
  case rejected
  /// It cannot be judged: the judging teacher said neither yes nor no, or the request names no slot.
  case undecided
  /// An answer where a refusal was due.
  case notRefused = "not-refused"
  /// A refusal where an answer was due.
  case wronglyRefused = "wrongly-refused"
}
