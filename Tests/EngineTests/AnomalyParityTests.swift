import Basics
import CAtomeAnomaly
import CAtomeEngine
import Engine
import Formats
import Foundation
import Lineage
import Model
import Networks
import TestSupport
import Testing

/// The detector of firmware/anomaly, through its own interface.
private final class CDetector {
  private let image: UnsafeMutableRawPointer
  private let memory: UnsafeMutableRawPointer
  private var opened = atome_compact_image()
  private var detector = atome_anomaly_detector()

  init(_ file: [UInt8], _ settings: AnomalyDetectorFile) throws {
    image = .allocate(byteCount: file.count, alignment: 8)
    image.copyMemory(from: file, byteCount: file.count)
    var size = 0
    var settings = settings.cSettings
    #expect(atome_compact_open(&opened, image.assumingMemoryBound(to: UInt8.self), file.count) == ATOME_OK)
    #expect(atome_compact_memory_size(&opened, &size) == ATOME_OK)
    memory = .allocate(byteCount: size, alignment: 8)
    try #require(atome_anomaly_init(&detector, &settings, &opened, memory, size) == ATOME_OK)
  }

  deinit {
    image.deallocate()
    memory.deallocate()
  }

  func step(_ reading: Int32?) -> AnomalyDetector.Answer {
    let answer = atome_anomaly_step(&detector, reading ?? Int32.min)
    return AnomalyDetector.Answer(
      byte: answer.byte, raisesAlarm: answer.alarm == 1, surprise: Int32(answer.surprise), score: answer.score)
  }
}

extension AnomalyDetectorFile {
  fileprivate var cSettings: atome_anomaly_settings {
    atome_anomaly_settings(
      low: low, high: high, level_bits: UInt32(levelBits), smoothing: UInt32(smoothing), expected: expected,
      threshold: threshold, pause: UInt32(pause))
  }
}

@Suite("Anomalies in C and in Swift")
struct AnomalyParityTests {
  private static let extremes: [Int32] = [.min + 1, .min + 2, -1, 0, 1, 1 << 30, .max - 1, .max]

  private static func settings(low: Int32, high: Int32, levelBits: Int) -> AnomalyDetectorFile {
    AnomalyDetectorFile(
      image: ContentID(of: "x"), decimals: 0, low: low, high: high, levelBits: levelBits, smoothing: 3,
      expected: 1 << 20, deviation: 1, threshold: 3 << 20, pause: 5)
  }

  @Test("Readings have the same bytes: random ones, extremes, and those at the ends")
  func bytes() {
    var generator = SeededGenerator(seed: 7)
    func random() -> Int32 { Int32(truncatingIfNeeded: generator.next()) }
    func any() -> Int32 {
      generator.below(3) == 0 ? Self.extremes[generator.below(Self.extremes.count)] : max(.min + 1, random())
    }
    var seen = Set<UInt8>()
    var tried = 0
    while tried < 20_000 {
      let (low, high) = (any(), any())
      guard low < high else { continue }
      tried += 1
      let settings = Self.settings(low: low, high: high, levelBits: 1 + generator.below(6))
      var cSettings = settings.cSettings
      let quantiser = SeriesQuantiser(settings)
      for reading in [low, low &+ 1, low &- 1, high, high &- 1, random(), random() >> 8, Int32.max, Int32.min] {
        // The least number is the device's word for a missing reading.
        let expected = quantiser.byte(of: reading == .min ? nil : reading)
        let byte = atome_anomaly_byte(&cSettings, reading)
        seen.insert(byte)
        guard byte == expected else {
          Issue.record("\(settings): reading \(reading) is \(byte) in C, \(expected) in Swift")
          return
        }
      }
    }
    #expect(seen.count == 65, "not all levels, and the missing one, were met")
  }

  @Test("Values become the nearest readings; those beyond 32 bits are cut, and what is no number is missing")
  func values() {
    let quantiser = SeriesQuantiser(decimals: 2, low: -100, high: 100, levelBits: 4)
    let known: [(Double?, Int32?)] = [
      (0.125, 13), (-0.125, -13), (0.124, 12), (1e300, 2_147_483_647), (-.infinity, -2_147_483_647), (nil, nil),
      (.nan, nil), (-0.0, 0),
    ]
    for (value, reading) in known { #expect(quantiser.reading(of: value) == reading, "\(String(describing: value))") }
    let levels =
      [(-101, "0"), (-100, "0"), (-88, "0"), (-87, "1"), (0, "8"), (99, "?"), (100, "?")] as [(Int32, String)]
    for (reading, byte) in levels {
      #expect(String(UnicodeScalar(quantiser.byte(of: reading))) == byte, "\(reading)")
    }
    #expect(quantiser.byte(of: nil) == UInt8(ascii: "-"))
  }

  @Test("The limits are the same in both languages")
  func limits() {
    #expect(AnomalyDetector.memoryByteCount == ATOME_ANOMALY_DETECTOR_BYTES)
    #expect(AnomalyDetectorFile.levelBitsLimit == ATOME_ANOMALY_LEVEL_BITS_LIMIT)
    #expect(AnomalyDetectorFile.smoothingLimit == ATOME_ANOMALY_SMOOTHING_LIMIT)
    #expect(AnomalyDetectorFile.surpriseLimit == ATOME_ANOMALY_SURPRISE_LIMIT)
    #expect(AnomalyDetectorFile.scoreBit == Double(ATOME_ANOMALY_SCORE_BIT))
    #expect(SeriesQuantiser.missingByte == ATOME_ANOMALY_MISSING_BYTE)
    #expect(SeriesQuantiser.firstByte == ATOME_ANOMALY_FIRST_BYTE)
  }

  @Test("A detector says the same of every reading", arguments: 0..<6 as Range<UInt64>)
  func detectors(seed: UInt64) throws {
    let shape = [
      CompactShape(modelWidth: 16, layerCount: 1, stateWidth: 32, gateCount: 8, hiddenWidth: 32),
      RandomModel.smallCompact,
    ][Int(seed % 2)]
    let model = RandomModel.makeCompact(seed: seed, shape: shape)
    let file = CompactImageFile.write(model, provenance: nil)
    let settings = Self.settings(low: -1000, high: 1000, levelBits: 4)
    let cDetector = try CDetector(file, settings)
    var detector = AnomalyDetector(
      settings, rate: model.logitRate, engine: try CompactIntegerEngine(model: model, contextLength: 1))
    var generator = SeededGenerator(seed: seed)
    for position in 0..<300 {
      let reading = position % 41 == 7 ? nil : Int32(generator.below(2400)) - 1200
      let answer = try detector.step(reading)
      try #require(answer == cDetector.step(reading), "position \(position)")
    }
  }

  @Test("The logarithm is that of floating point, rounded down")
  func logarithm() {
    var generator = SeededGenerator(seed: 3)
    for value in [1 << 20, (1 << 20) + 1, 1 << 28] + (0..<2000).map({ _ in (1 << 20) + generator.below(255 << 20) }) {
      let exact = log2(Double(value) / 1_048_576) * 2048
      let error = exact - Double(AnomalyDetector.fineLogarithm(UInt32(value)))
      #expect((-0.001..<1.2).contains(error), "\(value): \(error)")
    }
  }

  @Test("A surprise is the softmax's, to a 500th of a bit")
  func surprise() {
    let rate = LogitRate(multiplier: 40_000, shift: 15)
    let octaves = 40_000.0 / 32_768
    var generator = SeededGenerator(seed: 9)
    for _ in 0..<50 {
      let logits = (0..<256).map { _ in Float(generator.below(20_000)) }
      let weights = logits.map { exp2(Double($0) * octaves / 2048 - 40) }
      let sum = weights.reduce(0, +)
      for byte in stride(from: 0, to: 256, by: 17) {
        let exact = -log2(weights[byte] / sum)
        let bits = Double(AnomalyDetector.surprise(of: UInt8(byte), logits: logits, rate: rate)) / 2048
        #expect(abs(bits - exact) < 0.002, "\(bits), where \(exact) is exact")
      }
    }
  }
}
