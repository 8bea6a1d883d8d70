import Basics
import Engine
import Export
import Formats
import Foundation
import Model
import Networks
import TestSupport
import Testing

/// What both readers of ATOMEQ02 make of damage that no checksum betrays: they accept the same images, and what they
/// accept both engines compute alike, without a trap. `Fuzz/readers/CompactTwins.swift` asks libFuzzer the same.
@Suite("Damaged compact images in C and in Swift")
struct CompactDamageTests {
  /// All that is left of a block of eight rows; one gate; a gate for each number of the state.
  static let shapes = [
    RandomModel.smallCompact,
    CompactShape(modelWidth: 1, layerCount: 1, stateWidth: 1, gateCount: 1, hiddenWidth: 1),
    CompactShape(modelWidth: 9, layerCount: 5, stateWidth: 16, gateCount: 1, hiddenWidth: 33),
    CompactShape(modelWidth: 24, layerCount: 1, stateWidth: 13, gateCount: 13, hiddenWidth: 64),
  ]

  /// `ALAMBIC_FUZZ_SECONDS` makes this a long run, from another seed each time.
  @Test("are refused by both readers, or computed alike by both engines", arguments: shapes)
  func damage(shape: CompactShape) throws {
    let seconds = ProcessInfo.processInfo.environment["ALAMBIC_FUZZ_SECONDS"].flatMap(Double.init)
    let seed = seconds == nil ? 1 : UInt64(Date().timeIntervalSince1970)
    let deadline = Date() + (seconds ?? 0) / Double(Self.shapes.count)
    var generator = SeededGenerator(seed: seed)
    // Numbers from all over the format mostly drive the arithmetic to its bounds; a packed checkpoint's stay inside.
    let packed = try CompactPacker().pack(
      RandomCheckpoint.make(shape, seed: 3), checkpointID: ContentID(of: "x"), calibratedOn: [Array(0..<96)])
    var (count, acceptedCount) = (0, 0)
    while seconds == nil ? count < 400 : Date() < deadline {
      let image =
        count.isMultiple(of: 2)
        ? packed
        : CompactImageFile.write(
          RandomModel.makeCompact(seed: seed + UInt64(count), shape: shape), provenance: nil)
      let damaged = Self.damaged(image, &generator)
      if try agree(on: damaged) { acceptedCount += 1 }
      count += 1
    }
    if seconds != nil { print("\(shape): \(acceptedCount) of \(count) images accepted, seed \(seed)") }
    #expect(acceptedCount > count / 20 && acceptedCount < count, "\(acceptedCount) of \(count) accepted")
  }

  /// Whether both accept an image; what one accepts and the other does not is recorded, as is a logit that differs.
  private func agree(on image: [UInt8]) throws -> Bool {
    let contents = try? CompactImageFile.read(image, name: "image")
    let engine = try? CCompactEngine(image: image, logitScale: 1, contextLength: 1)
    guard let contents, let engine else {
      #expect(
        contents == nil && engine == nil,
        "only \(engine == nil ? "Swift" : "C") accepts \(Data(image).base64EncodedString())")
      return false
    }
    var twin = try CompactIntegerEngine(model: contents.model, contextLength: 1)
    for token: UInt8 in [0, 255, 65, 128, 7] {
      guard twin.step(token) != engine.step(token) else { continue }
      Issue.record("token \(token): other logits of \(Data(image).base64EncodedString())")
      break
    }
    return true
  }

  /// Some bytes of a header, of numbers or of codes are others; the checksum fits. The scale of a logit is left alone:
  /// it is for the host, and C does not look at it.
  private static func damaged(_ image: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = image
    let scale = 64..<68
    for _ in 0...generator.below(4) {
      let offset = generator.below(2) == 0 ? generator.below(bytes.count - 4) : generator.below(80)
      guard !scale.contains(offset) else { continue }
      switch generator.below(4) {
      case 0: bytes[offset] ^= 1 << UInt8(generator.below(8))
      case 1: bytes[offset] = [0, 1, 127, 128, 255][generator.below(5)]
      case 2: bytes[offset] &+= 1
      default: bytes[offset] = UInt8(generator.below(256))
      }
    }
    let checksum = CRC32.checksum(bytes.dropLast(4))
    for index in 0..<4 { bytes[bytes.count - 4 + index] = UInt8(truncatingIfNeeded: checksum >> (8 * UInt32(index))) }
    return bytes
  }
}
