import Basics
import Engine
import Formats
import Networks
import TestSupport
import Testing

/// Every limit of docs/formats/atome-compact.md, from one table: at the limit both readers take an image, and beyond it
/// both refuse it.
@Suite("Limits of ATOMEQ02, in C and in Swift")
struct CompactLimitTests {
  /// Neither g + 2 m, nor d, nor f fills blocks of eight rows, and no section but the matrices a multiple of 4.
  private static let shape = CompactShape(modelWidth: 7, layerCount: 2, stateWidth: 4, gateCount: 2, hiddenWidth: 5)

  // MARK: - Places

  private static let table: Int = 80 + 256
  private static let first: Int = table + 32 * 4 * 7
  private static let numbers: Int = first + 44
  private static let rows: Int = numbers + 2 * 7 + 2
  private static let numbersEnd: Int = rows + 2 + 2 * 4 + 7 + 5 + 7
  private static let matrices: Int = numbersEnd + 3
  private static let lastProjections: Int = matrices + 4 * 7
  private static let out: Int = lastProjections + 4 * 7
  private static let hidden: Int = out + 4 * 4
  private static let down: Int = hidden + 4 * 7
  private static let second: Int = down + 4 * 5
  private static let end: Int = second + second - first

  // MARK: - Limits

  private static let header: [FieldLimit] = [
    FieldLimit("version", 8, bytes: 2, 1, 0), FieldLimit("version", 8, bytes: 2, 1, 2),
    FieldLimit("flags", 10, bytes: 2, 0, 1), FieldLimit("flags", 10, bytes: 2, 0, 4),
    FieldLimit("flags", 10, bytes: 2, 0, 8), FieldLimit("flags", 10, bytes: 2, 0, 16),
    FieldLimit("gates", 22, bytes: 2, 2, 3),
    FieldLimit("gates", 22, bytes: 2, 2, 8), FieldLimit("rows", 26, bytes: 2, 256, 255),
    FieldLimit("rows", 26, bytes: 2, 256, 257), FieldLimit("size of the vocabulary", 28, bytes: 2, 0, 4),
    FieldLimit("logit rate's multiplier", 68, 65535, 65536), FieldLimit("logit rate's shift", 72, 8, 7),
    FieldLimit("logit rate's shift", 72, 31, 32), FieldLimit("embedding shift", 76, bytes: 1, 12, 13),
    FieldLimit("logit shift", 77, bytes: 1, 31, 32), FieldLimit("passes", 78, bytes: 2, 15, 16),
    FieldLimit("first multiplier", 80, bytes: 1, 1, 0), FieldLimit("last multiplier", 80 + 255, bytes: 1, 255, 0),
    FieldLimit("first codes", table, 0x1111_1111, 0x1111_1110),
    FieldLimit("last codes", first - 4, 0x1234_5678, 0x1234_0678),
  ]

  private static func norm(_ name: String, _ start: Int) -> [FieldLimit] {
    [
      FieldLimit("\(name) epsilon", start, 1, 0), FieldLimit("\(name) epsilon", start, 0x8000_0000, 0x8000_0001),
      FieldLimit("\(name) input shift", start + 4, bytes: 1, 16, 17),
      FieldLimit("\(name) output shift", start + 5, bytes: 1, 31, 32), FieldLimit("\(name)", start + 6, bytes: 2, 0, 1),
      FieldLimit("\(name)", start + 6, bytes: 2, 0, 0x100),
    ]
  }

  private static func block(_ name: String, _ start: Int) -> [FieldLimit] {
    let places = ["write gate", "value", "read gate", "output", "hidden", "down"].enumerated()
    return norm("\(name) state norm", start) + norm("\(name) second norm", start + 8)
      + places.flatMap { index, part in
        let place = start + 16 + 4 * index
        return [
          FieldLimit("\(name) \(part)'s multiplier", place, bytes: 2, 0x7FFF, 0x8000),
          FieldLimit("\(name) \(part)'s shift", place + 2, bytes: 1, 30, 31),
          FieldLimit("\(name) \(part)", place + 3, bytes: 1, 0, 1),
        ]
      } + [
        FieldLimit("\(name) bias shift", start + 40, bytes: 1, 16, 17),
        FieldLimit("\(name) read shift", start + 41, bytes: 1, 15, 14),
        FieldLimit("\(name) read shift", start + 41, bytes: 1, 22, 23),
        FieldLimit("\(name) head", start + 42, bytes: 2, 0, 1),
      ]
  }

  private static let matrixLimits: [FieldLimit] = [
    FieldLimit("a write gate's multiplier", rows, bytes: 1, 1, 0),
    FieldLimit("a read gate's multiplier", rows + 2 + 4, bytes: 1, 1, 0),
    FieldLimit("the last multiplier", numbersEnd - 1, bytes: 1, 255, 0),
    FieldLimit("the numbers' fill", numbersEnd, bytes: 1, 0, 1),
    FieldLimit("the numbers' fill", matrices - 1, bytes: 1, 0, 1),
    FieldLimit("the final gains' fill", end + 8 + 7, bytes: 1, 0, 1),
    FieldLimit("projections", matrices, 0xFFFF_FFFF, 0xFFFF_FFF0),
    FieldLimit("missing projections, first column", lastProjections, 0x8888_88FF, 0x8888_89FF),
    FieldLimit("missing projections, last column", out - 4, 0x8888_8888, 0x8887_8888),
    FieldLimit("a missing row of the output", out, 0x8111_1111, 0x9111_1111),
    FieldLimit("missing hidden rows", hidden, 0x888F_FFFF, 0x889F_FFFF),
    FieldLimit("a missing row of down", down, 0x8FFF_FFFF, 0xFFFF_FFFF),
    FieldLimit("the last column of down", down + 16, 0x8FFF_FFFF, 0x8FFF_F0FF),
  ]

  static let limits: [FieldLimit] =
    header + block("first", first) + block("second", second) + norm("final norm", end) + matrixLimits

  private static func seal(_ file: inout [UInt8]) {
    file.set(Int64(CRC32.checksum(file.dropLast(4))), bytes: 4, at: file.count - 4)
  }

  private func check(_ file: [UInt8], is accepted: Bool, _ comment: Comment) {
    #expect(((try? CCompactEngine(image: file, logitScale: 1, contextLength: 1)) != nil) == accepted, "C: \(comment)")
    #expect(((try? CompactImageFile.read(file, name: "image")) != nil) == accepted, "Swift: \(comment)")
  }

  @Test("a number at its limit is taken, and the next one refused", arguments: limits)
  func numbers(limit: FieldLimit) {
    // An even seed, so that the table is whole.
    let image = CompactImageFile.write(RandomModel.makeCompact(seed: 4, shape: Self.shape), provenance: nil)
    for (value, isWithin) in [(limit.within, true), (limit.beyond, false)] {
      var file = image
      limit.put(value, into: &file)
      Self.seal(&file)
      check(file, is: isWithin, "\(value)")
    }
  }

  @Test("228,480 d passes 23 bits from 37 columns on, so logits then need a shift", arguments: [36, 37])
  func logitShift(width: Int) {
    let shape = CompactShape(modelWidth: width, layerCount: 1, stateWidth: 1, gateCount: 1, hiddenWidth: 1)
    var file = CompactImageFile.write(RandomModel.makeCompact(seed: 4, shape: shape), provenance: nil)
    for (shift, isWithin) in [(UInt8(0), width == 36), (1, true)] {
      file[77] = shift
      Self.seal(&file)
      check(file, is: isWithin, "width \(width), shift \(shift)")
    }
  }

  @Test("the table's places are the format's")
  func places() {
    #expect(Self.shape.imageByteCount(rowCount: 256) == Self.end + 8 + 8 + 4)
  }
}
