import Basics
import Formats
import Lineage
import TestSupport
import Testing

@Suite("Soft labels")
struct SoftLabelsTests {
  private static let source = ContentID(of: "tokens")
  private static let teacher = ContentID(of: "teacher")

  private static func masses(_ named: [UInt8: Double]) -> [Double] {
    var masses = [Double](repeating: 0, count: 256)
    for (token, mass) in named { masses[Int(token)] = mass }
    return masses
  }

  private static func labels() -> SoftLabels {
    SoftLabels(
      source: source, vocabulary: nil, teacher: teacher,
      labels: [.none, SoftLabel(quantising: masses([97: 3, 98: 1])), SoftLabel(quantising: masses([0: 1]))])
  }

  @Test("probabilities are rounded to units that add up to one, the likeliest first")
  func quantises() {
    let label = SoftLabel(quantising: Self.masses([98: 1, 97: 1, 99: 1]))
    #expect(label.entries.map(\.token) == [97, 98, 99])
    #expect(label.entries.map(\.units) == [21_845, 21_845, 21_845] && label.restUnits == 0)
    #expect(SoftLabel(quantising: Self.masses([7: 0.2])).entries == [SoftLabel.Entry(token: 7, units: 65_535)])
    #expect(SoftLabel(quantising: Self.masses([:])).entries.isEmpty)
  }

  @Test("the eight likeliest are named, and the rest is what they leave")
  func rest() {
    let label = SoftLabel(quantising: [Double](repeating: 1, count: 256))
    #expect(label.entries.map(\.token) == Array(0..<8))
    #expect(label.entries.allSatisfy { $0.units == 256 || $0.units == 255 })
    #expect(label.restUnits + label.entries.reduce(0) { $0 + $1.units } == SoftLabel.unitCount)
    // No unit strays into a rest that is not there.
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<200 {
      let masses = Self.masses(Dictionary(uniqueKeysWithValues: (0..<8).map { (UInt8($0), generator.unit() + 1e-3) }))
      #expect(SoftLabel(quantising: masses).restUnits == 0)
    }
  }

  @Test("a label reads back from its 24 bytes, and a record that contradicts itself is none")
  func records() {
    let label = SoftLabel(quantising: Self.masses([97: 0.5, 98: 0.3, 200: 0.2]))
    #expect(label.bytes.count == 24 && SoftLabel(bytes: label.bytes[...]) == label)
    func broken(_ change: (inout [UInt8]) -> Void) -> Bool {
      var bytes = label.bytes
      change(&bytes)
      return SoftLabel(bytes: bytes[...]) == nil
    }
    #expect(broken { $0[1] = 97 }, "a token twice")
    #expect(broken { $0[5] = 9 }, "a token without units")
    #expect(broken { $0[8 + 2 * 3 + 1] = 0xFF }, "more units than the one before")
    #expect(
      broken {
        $0[8] = 0
        $0[9] = 0
      }, "an entry behind an empty one")
    #expect(broken { $0.removeLast() }, "too short")
  }

  @Test("a file reads back; its id is that of its bytes")
  func file() throws {
    let labels = Self.labels()
    let read = try SoftLabels(decoding: labels.encoded, name: "soft")
    #expect(read.records == labels.records && read.source == Self.source && read.teacher == Self.teacher)
    #expect(read.vocabulary == nil && read.id == labels.id && read.count == 3 && read.labelledCount == 2)
    #expect(read[1].entries.map(\.units) == [49_151, 16_384] && read[0] == .none)
    #expect(labels.id == ContentID(of: labels.encoded))
  }

  @Test("a file that is cut anywhere, or of which any bit is flipped, is refused")
  func damage() {
    let bytes = Self.labels().encoded
    for count in 0..<bytes.count {
      #expect(throws: HintedError.self) { try SoftLabels(decoding: Array(bytes[..<count]), name: "soft") }
    }
    for bit in 0..<bytes.count * 8 {
      var bytes = bytes
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: HintedError.self, "bit \(bit)") { try SoftLabels(decoding: bytes, name: "soft") }
    }
    #expect(throws: HintedError.self) { try SoftLabels(decoding: bytes + [0], name: "soft") }
    #expect(throws: HintedError.self) { try SoftLabels(decoding: Array("ALMBCKPT".utf8) + bytes, name: "soft") }
  }

  @Test("a count that overflows says so instead of trapping")
  func hugeCount() {
    var bytes = Self.labels().encoded
    for index in 16..<24 { bytes[index] = 0xFF }
    #expect(throws: HintedError.self) { try SoftLabels(decoding: bytes, name: "soft") }
  }

  @Test("labels of other tokens, or of another vocabulary, are refused")
  func foreign() throws {
    let labels = Self.labels()
    try labels.check(source: Self.source, count: 3, vocabulary: .bytes)
    #expect(throws: HintedError.self) {
      try labels.check(source: ContentID(of: "others"), count: 3, vocabulary: .bytes)
    }
    #expect(throws: HintedError.self) { try labels.check(source: Self.source, count: 4, vocabulary: .bytes) }
    let learned = try Vocabulary(strings: [200: Array("the".utf8)], unknownToken: 255)
    #expect(throws: HintedError.self) { try labels.check(source: Self.source, count: 3, vocabulary: learned) }
  }
}
