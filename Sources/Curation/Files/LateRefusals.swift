import Lineage
import Similarity

/// What is refused once all texts are known, near duplicates aside: parts in common, openings that too many have.
struct LateRefusals: Sendable {
  enum Cause: Sendable {
    case sharedPart(SharedParts.Match)
    case commonOpening(limit: Int)
  }

  private(set) var causes: [Int: Cause] = [:]

  /// - Parameters:
  ///   - kept: the texts that are left.
  ///   - openings: of each text; empty where they may be as common as they are.
  ///   - precedes: whether one text is rather kept than another.
  /// - Throws: `HintedError` where there is too much text, or it cannot be read.
  init(
    _ settings: CurationSettings, _ texts: some NumberedTexts, kept: [Int], openings: [UInt64],
    precedes: (Int, Int) -> Bool
  ) throws {
    if let byteCount = settings.sharedPart {
      let parts = try SharedParts(texts, kept, leastByteCount: byteCount)
      for match in parts.matches(precedes: precedes) { causes[match.text] = .sharedPart(match) }
    }
    guard let share = settings.openingShare, !openings.isEmpty else { return }
    let left = kept.filter { causes[$0] == nil }.map { (number: $0, hash: openings[$0]) }
    let (refused, limit) = OpeningCap.refused(left, share: share, precedes: precedes)
    for number in refused { causes[number] = .commonOpening(limit: limit) }
  }

  static func isWanted(_ settings: CurationSettings) -> Bool {
    settings.sharedPart != nil || settings.openingShare != nil
  }

  /// Why a text goes, with the number of another that stays; nil for one that stays.
  func refusal(of number: Int, _ text: [UInt8]) -> (refusal: Refusal, other: Int?)? {
    switch causes[number] {
    case nil: nil
    case .commonOpening(let limit):
      (
        Refusal(
          .commonOpening,
          "it begins with '\(OpeningCap.shown(String(decoding: text, as: UTF8.self)))', and \(limit) such texts stay"),
        nil
      )
    case .sharedPart(let match):
      (Refusal(.sharedPart, "\(match.place.count) bytes in common: '\(Self.shown(text[match.place]))'"), match.other)
    }
  }

  /// The beginning of a part, from a character's first byte on.
  private static func shown(_ part: ArraySlice<UInt8>) -> String {
    var end = part.prefix(80)
    while let last = end.last, last & 0xC0 == 0x80 || last >= 0xC0 { end.removeLast() }
    return String(decoding: end.drop { $0 & 0xC0 == 0x80 }, as: UTF8.self)
  }
}
