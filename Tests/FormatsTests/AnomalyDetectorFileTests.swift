import Basics
import Formats
import Lineage
import TestSupport
import Testing

@Suite("A detector's file")
struct AnomalyDetectorFileTests {
  private static let file = AnomalyDetectorFile(
    image: ContentID(of: "x"), decimals: 2, low: -5, high: 5, levelBits: 4, smoothing: 3, expected: 100, deviation: 9,
    threshold: 200, pause: 50)

  typealias Change = @Sendable (inout AnomalyDetectorFile) -> Void

  private static func read(_ file: AnomalyDetectorFile) throws -> AnomalyDetectorFile {
    try CanonicalJSON.decode(AnomalyDetectorFile.self, from: CanonicalJSON.encode(file), named: "pump.detector.json")
  }

  static let changes: [(String, Change)] = [
    ("decimals", { $0.decimals = 10 }), ("decimals", { $0.decimals = -1 }), ("low", { $0.low = 5 }),
    ("low", { $0.low = .min }), ("levelBits", { $0.levelBits = 7 }), ("levelBits", { $0.levelBits = 0 }),
    ("smoothing", { $0.smoothing = 13 }), ("expected", { $0.expected = -1 }),
    ("expected", { $0.expected = 16_776_961 }), ("deviation", { $0.deviation = 0 }),
    ("threshold", { $0.threshold = 0 }), ("pause", { $0.pause = -1 }), ("pause", { $0.pause = 1_000_001 }),
  ]

  @Test("comes back as it was written, and C gets the same numbers")
  func roundTrip() throws {
    #expect(try Self.read(Self.file) == Self.file)
    for line in [
      ".low = -5,", ".high = 5,", ".level_bits = 4u,", ".smoothing = 3u,", ".expected = 100,", ".threshold = 200,",
      ".pause = 50u,",
    ] {
      #expect(Self.file.cHeader.contains("    \(line)\n"), "\(line)")
    }
  }

  @Test(
    "A number outside its limits is refused by name",
    arguments: changes)
  func limits(field: String, change: Change) throws {
    var file = Self.file
    change(&file)
    let error = #expect(throws: HintedError.self) { try Self.read(file) }
    #expect(error?.message.contains("the field '\(field)'") == true, "\(error?.message ?? "")")
  }

  @Test("Another schema is refused")
  func schema() throws {
    let text = String(decoding: try CanonicalJSON.encode(Self.file), as: UTF8.self)
    let other = text.replacing("alambic.detector/1", with: "alambic.detector/2")
    let error = #expect(throws: HintedError.self) {
      try CanonicalJSON.decode(AnomalyDetectorFile.self, from: Array(other.utf8), named: "x")
    }
    #expect(error?.message.contains("alambic.detector/2") == true)
  }

  @Test("A damaged file is an error, or a file within its limits")
  func damage() throws {
    let bytes = Array(try CanonicalJSON.pretty(Self.file).utf8)
    var generator = SeededGenerator(seed: 4)
    var refused = 0
    for _ in 0..<2000 {
      var damaged = bytes
      damaged[generator.below(bytes.count)] = UInt8(generator.below(256))
      do {
        _ = try CanonicalJSON.decode(AnomalyDetectorFile.self, from: damaged, named: "x")
      } catch is HintedError { refused += 1 }
    }
    #expect(refused > 1000)
  }
}
