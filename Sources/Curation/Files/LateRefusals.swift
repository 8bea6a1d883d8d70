import Basics
import Lineage
import Similarity

/// What is refused once all texts are known, near duplicates aside: parts in common, openings that too many have.
struct LateRefusals: Sendable {
  private var matches: [Int: SharedParts.Match] = [:]
  /// Nil where openings may be as common as they are.
  private var openings: OpeningSelection?

  /// - Parameters:
  ///   - count: of all texts.
  ///   - isKept: whether a text is left.
  ///   - openings: of each text; empty where they may be as common as they are.
  ///   - precedes: whether one text is rather kept than another.
  ///   - pool: what is remembered of the texts lies there.
  /// - Throws: `HintedError` where there is too much text, it cannot be read, or the disk has no room.
  init(
    _ settings: CurationSettings, _ texts: some NumberedTexts, count: Int, isKept: (Int) -> Bool,
    openings: ScratchArray<UInt64>, precedes: (Int, Int) -> Bool, _ pool: ScratchPool
  ) throws {
    if let byteCount = settings.sharedPart {
      let parts = try withoutActuallyEscaping(isKept) { isKept in
        try SharedParts(
          texts, (0..<count).lazy.filter { isKept($0) }, leastByteCount: byteCount,
          memoryByteCount: pool.leftByteCount ?? SharedParts.usualMemoryByteCount)
      }
      matches = Dictionary(uniqueKeysWithValues: parts.matches(precedes: precedes).map { ($0.text, $0) })
    }
    guard let share = settings.openingShare, !openings.isEmpty else { return }
    let matches = matches
    self.openings = try OpeningSelection(
      openings, isLeft: { isKept($0) && matches[$0] == nil }, share: share, precedes: precedes, pool)
  }

  func refuses(_ number: Int) -> Bool { matches[number] != nil || openings?.refuses(number) == true }

  static func isWanted(_ settings: CurationSettings) -> Bool {
    settings.sharedPart != nil || settings.openingShare != nil
  }

  /// Why a text goes, with the number of another that stays; nil for one that stays.
  func refusal(of number: Int, _ text: [UInt8]) -> (refusal: Refusal, other: Int?)? {
    if let match = matches[number] {
      let words = "\(match.place.count) bytes in common: '\(Self.shown(text[match.place]))'"
      return (Refusal(.sharedPart, words), match.other)
    }
    guard let openings, openings.refuses(number) else { return nil }
    let opening = OpeningCap.shown(String(decoding: text, as: UTF8.self))
    return (Refusal(.commonOpening, "it begins with '\(opening)', and \(openings.limit) such texts stay"), nil)
  }

  /// The beginning of a part, from a character's first byte on.
  private static func shown(_ part: ArraySlice<UInt8>) -> String {
    var end = part.prefix(80)
    while let last = end.last, last & 0xC0 == 0x80 || last >= 0xC0 { end.removeLast() }
    return String(decoding: end.drop { $0 & 0xC0 == 0x80 }, as: UTF8.self)
  }
}
