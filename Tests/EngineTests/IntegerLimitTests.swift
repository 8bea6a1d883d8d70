import Basics
import Engine
import Formats
import Networks
import TestSupport
import Testing

/// Every limit of docs/formats/atome-integer.md, from one table: at the limit both readers take an image, and beyond it
/// both refuse it.
@Suite("Limits of ATOMEQ01, in C and in Swift")
struct IntegerLimitTests {
  /// Neither groups of five columns nor blocks of eight rows are full.
  private static let shape = AtomeShape(modelWidth: 7, layerCount: 2, headWidth: 3, topK: 3, kernelSize: 3)
  private static let layers = [640, 868]
  private static let finalNorm = 1096

  private static func image(_ cache: CacheWidth) -> [UInt8] {
    var file = IntegerImageFile.write(
      RandomModel.makeInteger(seed: 5, shape: shape, cache: cache), provenance: nil)
    for layer in layers {
      // Limits that depend on other numbers are tried with those at 0.
      for offset in [36, 40, 52, 56, 72, 76] { file.set(0, bytes: 4, at: layer + offset) }
    }
    seal(&file)
    return file
  }

  private static func seal(_ file: inout [UInt8]) {
    file.set(Int64(CRC32.checksum(file.dropLast(4))), bytes: 4, at: file.count - 4)
  }

  private static func norm(_ name: String, head: Int, numbers: Int) -> [FieldLimit] {
    [
      FieldLimit("\(name) input shift", head, 16, 17), FieldLimit("\(name) epsilon", head + 4, 1, 0),
      FieldLimit("\(name) output shift", head + 8, 31, 32),
      FieldLimit("\(name) first gain", numbers, bytes: 2, 8192, 8193),
      FieldLimit("\(name) last gain", numbers + 12, bytes: 2, -8192, -8193),
      FieldLimit("\(name) first bias", numbers + 16, -(1 << 29), -(1 << 29) - 1),
      FieldLimit("\(name) last bias", numbers + 40, 1 << 29, 1 << 29 + 1),
    ]
  }

  private static func codes(_ name: String, _ first: Int, _ last: Int) -> [FieldLimit] {
    [
      FieldLimit("\(name) first code", first, bytes: 1, 250, 252), FieldLimit("\(name) code", first, bytes: 1, 26, 27),
      FieldLimit("\(name) last code", last, bytes: 1, 250, 251 + 4),
      FieldLimit("\(name) code", last, bytes: 1, 222, 223),
    ]
  }

  private static func layer(_ start: Int) -> [FieldLimit] {
    let widest = Int64(1 << 23) / 7
    var limits = norm("norm", head: start, numbers: start + 84)
    for (name, offset) in [("query", 12), ("key", 20), ("value", 28)] {
      limits.append(FieldLimit("\(name) multiplier", start + offset, widest, widest + 1))
      limits.append(FieldLimit("\(name) shift", start + offset + 4, 30, 31))
    }
    for (name, offset) in [("router", 36), ("scores", 52)] {
      limits += [
        FieldLimit("\(name) limit", start + offset, 65535, 65536),
        FieldLimit("\(name) limit, shifted", start + offset, (1 << 31) - 1, 1 << 31).beside(start + offset + 4, 15),
        FieldLimit("\(name) first shift", start + offset + 4, 31, 32),
        FieldLimit("\(name) multiplier", start + offset + 8, 65535, 65536),
        FieldLimit("\(name) shift", start + offset + 12, 31, 32),
      ]
    }
    return limits + [
      FieldLimit("local gain", start + 68, 32767, 32768),
      FieldLimit("value gain", start + 72, 32767, 32768).beside(start + 76, 30),
      FieldLimit("value shift", start + 76, 30, 31), FieldLimit("mix shift", start + 80, 20, 21),
      FieldLimit("convolution's first trit", start + 172, bytes: 1, 1, 2),
      FieldLimit("convolution's last trit", start + 192, bytes: 1, -1, -2),
    ] + codes("projection", start + 196, start + 227)
  }

  static let limits: [FieldLimit] =
    [
      FieldLimit("version", 8, bytes: 2, 2, 3), FieldLimit("version", 8, bytes: 2, 2, 1),
      FieldLimit("vocabulary", 26, bytes: 2, 256, 255),
      FieldLimit("embedding magnitude", 64, 0x7F_FFFF, 0x80_0000),
      FieldLimit("embedding magnitude", 64, -0x7F_FFFF, -0x80_0000),
      FieldLimit("logit rate's multiplier", 72, 65535, 65536), FieldLimit("logit rate's shift", 76, 31, 32),
      FieldLimit("logit rate's shift", 76, 8, 7),
    ] + codes("embedding", 128, 639) + layers.flatMap(layer)
    + norm("final norm", head: finalNorm, numbers: finalNorm + 12)
    + codes("unembedding", finalNorm + 56, finalNorm + 56 + 511)

  /// Values have 16 or 8 bits, and the gain leaves room for them.
  static let valueGains: [(CacheWidth, FieldLimit)] = layers.flatMap { start in
    [
      (.int16, FieldLimit("value gain", start + 72, 0, 1)),
      (.int16, FieldLimit("value gain", start + 72, 1, 2).beside(start + 76, 1)),
      (.int8, FieldLimit("value gain", start + 72, 128, 129)),
    ]
  }

  private func accepts(_ limit: FieldLimit, _ value: Int64, _ cache: CacheWidth) -> (c: Bool, swift: Bool) {
    var file = Self.image(cache)
    limit.put(value, into: &file)
    Self.seal(&file)
    return (
      (try? CIntegerEngine(image: file, logitScale: 1, contextLength: 4)) != nil,
      (try? IntegerImageFile.read(file, name: "image")) != nil
    )
  }

  private func check(_ limit: FieldLimit, _ cache: CacheWidth) {
    #expect(accepts(limit, limit.within, cache) == (true, true), "within")
    #expect(accepts(limit, limit.beyond, cache) == (false, false), "beyond")
  }

  @Test("a number at its limit is taken, and the next one refused", arguments: limits, CacheWidth.allCases)
  func numbers(limit: FieldLimit, cache: CacheWidth) { check(limit, cache) }

  @Test("the gain of values leaves room for the values' bits", arguments: valueGains)
  func roomForValues(cache: CacheWidth, limit: FieldLimit) { check(limit, cache) }

  @Test("the table's places are the format's")
  func places() {
    #expect(Self.shape.integerImageByteCount == Self.finalNorm + 56 + 512 + 4)
  }
}
