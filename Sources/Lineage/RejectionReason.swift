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

  public static func < (left: RejectionReason, right: RejectionReason) -> Bool { left.rawValue < right.rawValue }
}
