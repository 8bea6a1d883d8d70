import Basics
import CAtomeEngine
import Formats
import Networks
import TestSupport
import Testing

/// Every limit of docs/formats/gpt-integer.md, from one table. Only the C engine reads these images.
@Suite("Limits of GPTINT01")
struct GPTLimitTests {
  private static let shape = GPTShape(
    modelWidth: 12, layerCount: 2, headCount: 3, feedForwardWidth: 20, contextLength: 24)

  /// Bytes of a matrix with codes of 8 bits.
  private static func matrix(_ rows: Int, _ columns: Int) -> Int { 2 * rows + rows * columns }

  private static let firstLayer = 80 + 256 + matrix(256, 12) + matrix(24, 12)
  private static let layerByteCount =
    40 + 2 * 24 + matrix(36, 12) + matrix(12, 12) + matrix(20, 12) + matrix(12, 20)

  private static func norm(_ name: String, _ start: Int) -> [FieldLimit] {
    [
      FieldLimit("\(name) input shift", start, bytes: 1, 16, 17),
      FieldLimit("\(name) output shift", start + 1, bytes: 1, 24, 25),
      FieldLimit("\(name) bias shift", start + 2, bytes: 1, 20, 21), FieldLimit("\(name) epsilon", start + 4, 1, 0),
    ]
  }

  private static func scaling(_ name: String, _ start: Int) -> [FieldLimit] {
    [
      FieldLimit("\(name)'s first shift", start, bytes: 1, 16, 17),
      FieldLimit("\(name)'s shift", start + 1, bytes: 1, 29, 30),
    ]
  }

  /// With the first shift at 0 and the other rows' multipliers too, 12 columns leave 2^30 / (12 · 2^14 + 1) for one's.
  private static func multiplier(_ name: String, shift: Int, of rows: Range<Int>, at numbers: Int) -> [FieldLimit] {
    [rows.lowerBound, rows.upperBound - 1].map { row in
      var limit = FieldLimit("\(name)'s multiplier of row \(row)", numbers + 2 * row, bytes: 2, 5461, 5462)
      limit = limit.beside(shift, bytes: 1, 0)
      for row in rows { limit = limit.beside(numbers + 2 * row, bytes: 2, 0) }
      return limit
    }
  }

  private static func layer(_ name: String, _ start: Int) -> [FieldLimit] {
    let scalings = ["query", "key", "value", "output", "input", "feed-forward"].enumerated().flatMap {
      scaling("\(name) \($1)", start + 16 + 2 * $0)
    }
    let numbers = start + 40 + 48
    return norm("\(name) first norm", start) + norm("\(name) second norm", start + 8) + scalings
      + multiplier("\(name) query", shift: start + 16, of: 0..<12, at: numbers)
      + multiplier("\(name) key", shift: start + 18, of: 12..<24, at: numbers)
      + multiplier("\(name) value", shift: start + 20, of: 24..<36, at: numbers)
      + multiplier("\(name) output", shift: start + 22, of: 0..<12, at: numbers + matrix(36, 12)) + [
        FieldLimit("\(name) score limit", start + 28, 2047, 2048).beside(start + 32, bytes: 2, 1)
          .beside(start + 34, bytes: 1, 0),
        FieldLimit("\(name) score limit times 65,535", start + 28, 65537, 65538).beside(start + 32, bytes: 2, 65535)
          .beside(start + 34, bytes: 1, 31),
        FieldLimit("\(name) score shift", start + 34, bytes: 1, 31, 32),
        FieldLimit("\(name) mix shift", start + 35, bytes: 1, 29, 30),
        FieldLimit("\(name) mix gain", start + 36, bytes: 2, 16384, 16385),
      ]
  }

  static let limits: [FieldLimit] =
    [
      FieldLimit("version", 8, bytes: 2, 1, 0), FieldLimit("version", 8, bytes: 2, 1, 2),
      FieldLimit("flags", 10, bytes: 2, 0, 8), FieldLimit("flags", 10, bytes: 2, 0, 2),
      FieldLimit("heads", 20, bytes: 2, 4, 5), FieldLimit("heads", 20, bytes: 2, 1, 0),
      FieldLimit("vocabulary", 26, bytes: 2, 256, 255), FieldLimit("size of the vocabulary", 28, bytes: 2, 0, 4),
      FieldLimit("shift of a table that is not tied", 30, bytes: 2, 0, 1),
    ] + norm("final norm", 68) + scaling("logits", 76) + layer("first", firstLayer)
    + layer("second", firstLayer + layerByteCount)

  private func status(_ file: [UInt8]) -> atome_status? {
    do {
      _ = try CGPT(file)
      return nil
    } catch {
      return (error as? Refused)?.status
    }
  }

  @Test("a number at its limit is taken, and the next one refused", arguments: limits)
  func numbers(limit: FieldLimit) {
    let image = GPTImageFile.write(RandomModel.makeIntegerGPT(seed: 6, shape: Self.shape, width: .eight))
    for (value, isWithin) in [(limit.within, true), (limit.beyond, false)] {
      var file = image
      limit.put(value, into: &file)
      file.set(Int64(CRC32.checksum(file.dropLast(4))), bytes: 4, at: file.count - 4)
      #expect((status(file) == nil) == isWithin, "\(value)")
    }
  }

  private static func shape(_ dimension: Int, _ value: Int) -> GPTShape {
    var shape = GPTShape(modelWidth: 1, layerCount: 1, headCount: 1, feedForwardWidth: 1, contextLength: 2)
    switch dimension {
    case 0: shape.modelWidth = value
    case 1: shape.layerCount = value
    case 2: (shape.modelWidth, shape.headCount) = (value, value)
    case 3: shape.feedForwardWidth = value
    default: shape.contextLength = value
    }
    return shape
  }

  @Test(
    "a dimension at its limit is taken, and the next one refused", arguments: zip(0..<5, [1024, 64, 64, 4096, 512]))
  func shapes(dimension: Int, limit: Int) {
    for (value, expected) in [(limit, nil), (limit + 1, ATOME_BAD_SHAPE)] {
      let shape = Self.shape(dimension, value)
      let file = GPTImageFile.write(RandomModel.makeIntegerGPT(seed: 1, shape: shape, width: .four))
      #expect(status(file) == expected, "\(["d", "layers", "heads", "f", "context"][dimension]) is \(value)")
    }
  }

  @Test("the table's places are the format's")
  func places() {
    let byteCount = Self.firstLayer + 2 * Self.layerByteCount + 24 + Self.matrix(256, 12) + 4
    #expect(GPTImageFile.byteCount(of: Self.shape, .eight) == byteCount)
  }
}
