/// Why a text is not in the corpus. The raw values are stable words: they are stored, and counted in reports.
public enum RejectionReason: String, Hashable, Codable, Sendable, CaseIterable, Comparable {
  /// The answer held no text at all.
  case empty
  /// The teacher ran into its token limit, so the answer's last document has no end.
  case truncated
  /// The teacher's content filter stopped the answer.
  case filtered
  /// A NUL, an escape, or another control character than tab and line feed.
  case controlCharacter = "control-character"
  /// U+FFFD: bytes were lost before the text arrived here.
  case replacementCharacter = "replacement-character"
  /// A character beyond ASCII, which the character policy forbids.
  case nonASCII = "non-ascii"
  case tooShort = "too-short"
  case tooLong = "too-long"
  /// The same text, after normalisation, was there before.
  case duplicate
  /// Nearly the same text stands for it.
  case nearDuplicate = "near-duplicate"
  /// None of the patterns that a text must hold is in it.
  case notAccepted = "not-accepted"
  /// A pattern that no text may hold is in it.
  case pattern
  /// A word of the blocklist.
  case blocked
  /// An assistant's talk around an answer.
  case chatter
  /// It says the same again and again.
  case repetition
  /// An address, a number or a key that should not be learned by heart.
  case personalData = "personal-data"
  /// Too many of its letters are of another script than the corpus's.
  case script
  /// Enough texts begin as it does.
  case commonOpening = "common-opening"
  /// A long part of it stands in another document, letter by letter.
  case sharedPart = "shared-part"
  /// It shares words with what the student is asked or judged by.
  case contaminated
  /// The record of a file is damaged: no JSON, a quote without an end.
  case malformed
  /// The record has no such field, or no text in it.
  case missingField = "missing-field"
  /// Bytes that are no UTF-8.
  case invalidUTF8 = "invalid-utf-8"
  /// A record that is longer than is read.
  case oversized
  /// A person rejected it.
  case reviewed
  /// An order takes out what comes from there: a teacher, a list's word, a model.
  case removed
  /// The recipe's judge does not want it.
  case judged
  /// What should have been a request in other words is none.
  case notARequest = "not-a-request"

  public static func < (left: RejectionReason, right: RejectionReason) -> Bool { left.rawValue < right.rawValue }
}
