/// Whether a text's end is unlike the rest, as of a file that is sorted: then its last tenth, which is held out, says
/// nothing about what was trained. (A public set of intents, sorted by intent: 2.41 bits per byte; shuffled: 1.81.)
public struct SortedText: Hashable, Sendable {
  /// Of the words in the last tenth, those that are nowhere before it, 0 to 1.
  public var newInLastTenth: Double
  /// The same of ten pieces of a hundredth each, taken from all parts, against the rest.
  public var newInPieces: Double

  /// Beyond these a file looks sorted: twice as many, and five of a hundred words more.
  private static let ratio = 2.0
  private static let difference = 0.05
  /// Fewer say nothing.
  private static let leastLineCount = 200
  private static let byteLimit = 32 << 20

  /// - Returns: nil for a text with too few lines.
  public init?(_ text: [UInt8]) {
    let lines = text.prefix(Self.byteLimit).split(separator: 0x0A)
    guard lines.count >= Self.leastLineCount else { return nil }
    let words = lines.map { $0.split { !($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A || $0 >= 0x80) } }
    let cut = words.count * 9 / 10
    newInLastTenth = Self.newShare(words[cut...].joined(), besides: words[..<cut].joined())
    // Pieces, not lines: the lines of one story share its words, sorted or not.
    func isInPiece(_ line: Int) -> Bool { line * 100 / words.count % 10 == 5 }
    newInPieces = Self.newShare(
      words.indices.filter(isInPiece).flatMap { words[$0] },
      besides: words.indices.filter { !isInPiece($0) }.flatMap { words[$0] })
  }

  private static func newShare(
    _ words: some Sequence<ArraySlice<UInt8>>, besides others: some Sequence<ArraySlice<UInt8>>
  ) -> Double {
    let known = Set(others)
    let (count, new) = words.reduce((0, 0)) { ($0.0 + 1, $0.1 + (known.contains($1) ? 0 : 1)) }
    return count == 0 ? 0 : Double(new) / Double(count)
  }

  public var looksSorted: Bool {
    newInLastTenth > Self.ratio * newInPieces && newInLastTenth - newInPieces > Self.difference
  }
}
