import Basics
import Curation
import Testing

@Suite("TextNormalizer")
struct TextNormalizerTests {
  /// Compares scalars: Swift's == takes é and e + U+0301 for the same text.
  private func expect(_ text: String, _ policy: CharacterPolicy, becomes expected: String) {
    let result = TextNormalizer(policy: policy).normalized(text)
    #expect(Array(result.utf8) == Array(expected.utf8), "\(text.debugDescription) became \(result.debugDescription)")
  }

  @Test("Typographic punctuation becomes ASCII, letters stay")
  func folding() {
    expect("\u{201C}It\u{2019}s 20\u{A0}\u{B0}C\u{2026}\u{201D}", .foldPunctuation, becomes: "\"It's 20 \u{B0}C...\"")
    expect("warm\u{2014}or 5\u{2013}6, \u{2212}3", .foldPunctuation, becomes: "warm--or 5-6, -3")
    expect("zero\u{200B}width\u{AD}s caf\u{E9}", .foldPunctuation, becomes: "zerowidths caf\u{E9}")
    expect("\u{201C}quoted\u{201D}", .keep, becomes: "\u{201C}quoted\u{201D}")
  }

  /// From the figures of UAX #15 ("Unicode Normalization Forms").
  @Test("Text is in Normalization Form C")
  func normalizationFormC() {
    expect("\u{212B}", .keep, becomes: "\u{C5}")
    expect("\u{2126}", .keep, becomes: "\u{3A9}")
    expect("s\u{307}\u{323}", .keep, becomes: "\u{1E69}")
    expect("\u{1E0B}\u{323}", .keep, becomes: "\u{1E0D}\u{307}")
    expect("\u{FB01}", .keep, becomes: "\u{FB01}")
  }

  @Test("All line ends become line feeds, and white space at ends goes")
  func whitespace() {
    expect("a\r\nb\rc\u{2028}d\u{85}e\n", .keep, becomes: "a\nb\nc\nd\ne")
    expect("\r\r\na", .keep, becomes: "a")
    expect("x\r\r\ny", .keep, becomes: "x\n\ny")
    expect("  one \t\n\ttwo  \n\n ", .keep, becomes: "one\n\ttwo")
  }

  @Test("Normalising twice changes nothing, whatever the text", arguments: CharacterPolicy.allCases)
  func idempotent(policy: CharacterPolicy) {
    let normalizer = TextNormalizer(policy: policy)
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<2_000 {
      let once = normalizer.normalized(randomText(&generator))
      #expect(Array(normalizer.normalized(once).utf8) == Array(once.utf8))
    }
  }

  /// Dense in what matters: line ends, spaces, marks that combine, the General Punctuation block.
  private func randomText(_ generator: inout SeededGenerator) -> String {
    let ranges: [ClosedRange<UInt32>] = [
      0x09...0x0D, 0x20...0x7E, 0x85...0xAD, 0xC0...0xFF, 0x300...0x340, 0x1E00...0x1EFF, 0x2000...0x206F,
      0x1100...0x11FF, 0xAC00...0xAD00, 0xF900...0xFA00,
    ]
    var text = String.UnicodeScalarView()
    for _ in 0..<generator.below(12) {
      let range = ranges[generator.below(ranges.count)]
      let value = range.lowerBound + UInt32(generator.below(Int(range.upperBound - range.lowerBound) + 1))
      if let scalar = Unicode.Scalar(value) { text.append(scalar) }
    }
    return String(text)
  }
}
