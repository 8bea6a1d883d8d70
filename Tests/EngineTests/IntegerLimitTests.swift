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
  /// A number of an image, and the two values on both sides of its limit.
  struct Limit: Sendable, CustomTestStringConvertible {
    var name: String
    var offset: Int
    var byteCount: Int
    var within: Int64
    var beyond: Int64
    /// What else must stand in the image for the limit to be this one.
    var conditions: [(offset: Int, value: Int64)] = []

    var testDescription: String { "\(name): \(within), not \(beyond)" }

    init(_ name: String, _ offset: Int, bytes byteCount: Int = 4, _ within: Int64, _ beyond: Int64) {
      (self.name, self.offset, self.byteCount, self.within, self.beyond) = (name, offset, byteCount, within, beyond)
    }

    func beside(_ offset: Int, _ value: Int64) -> Limit {
      var limit = self
      limit.conditions.append((offset, value))
      return limit
    }
  }

  /// Neither groups of five columns nor blocks of eight rows are full.
  private static let shape = AtomeShape(modelWidth: 7, layerCount: 2, headWidth: 3, topK: 3, kernelSize: 3)
  private static let layers = [640, 868]
  private static let finalNorm = 1096

  private static func image(_ cache: CacheWidth) -> [UInt8] {
    var file = IntegerImageFile.write(
      RandomModel.makeInteger(seed: 5, shape: shape, cache: cache), provenance: nil)
    for layer in layers {
      // Limits that depend on other numbers are tried with those at 0.
      for offset in [36, 40, 52, 56, 72, 76] { set(layer + offset, 4, 0, in: &file) }
    }
    seal(&file)
    return file
  }

  private static func set(_ offset: Int, _ byteCount: Int, _ value: Int64, in file: inout [UInt8]) {
    for index in 0..<byteCount { file[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * Int64(index))) }
  }

  private static func seal(_ file: inout [UInt8]) {
    set(file.count - 4, 4, Int64(CRC32.checksum(file.dropLast(4))), in: &file)
  }

  private static func norm(_ name: String, head: Int, numbers: Int) -> [Limit] {
    [
      Limit("\(name) input shift", head, 16, 17), Limit("\(name) epsilon", head + 4, 1, 0),
      Limit("\(name) output shift", head + 8, 31, 32),
      Limit("\(name) first gain", numbers, bytes: 2, 8192, 8193),
      Limit("\(name) last gain", numbers + 12, bytes: 2, -8192, -8193),
      Limit("\(name) first bias", numbers + 16, -(1 << 29), -(1 << 29) - 1),
      Limit("\(name) last bias", numbers + 40, 1 << 29, 1 << 29 + 1),
    ]
  }

  private static func codes(_ name: String, _ first: Int, _ last: Int) -> [Limit] {
    [
      Limit("\(name) first code", first, bytes: 1, 250, 252), Limit("\(name) code", first, bytes: 1, 26, 27),
      Limit("\(name) last code", last, bytes: 1, 250, 251 + 4), Limit("\(name) code", last, bytes: 1, 222, 223),
    ]
  }

  private static func layer(_ start: Int) -> [Limit] {
    let widest = Int64(1 << 23) / 7
    var limits = norm("norm", head: start, numbers: start + 84)
    for (name, offset) in [("query", 12), ("key", 20), ("value", 28)] {
      limits.append(Limit("\(name) multiplier", start + offset, widest, widest + 1))
      limits.append(Limit("\(name) shift", start + offset + 4, 30, 31))
    }
    for (name, offset) in [("router", 36), ("scores", 52)] {
      limits += [
        Limit("\(name) limit", start + offset, 65535, 65536),
        Limit("\(name) limit, shifted", start + offset, (1 << 31) - 1, 1 << 31).beside(start + offset + 4, 15),
        Limit("\(name) first shift", start + offset + 4, 31, 32),
        Limit("\(name) multiplier", start + offset + 8, 65535, 65536),
        Limit("\(name) shift", start + offset + 12, 31, 32),
      ]
    }
    return limits + [
      Limit("local gain", start + 68, 32767, 32768),
      Limit("value gain", start + 72, 32767, 32768).beside(start + 76, 30),
      Limit("value shift", start + 76, 30, 31), Limit("mix shift", start + 80, 20, 21),
      Limit("convolution's first trit", start + 172, bytes: 1, 1, 2),
      Limit("convolution's last trit", start + 192, bytes: 1, -1, -2),
    ] + codes("projection", start + 196, start + 227)
  }

  static let limits: [Limit] =
    [
      Limit("version", 8, bytes: 2, 2, 3), Limit("version", 8, bytes: 2, 2, 1),
      Limit("vocabulary", 26, bytes: 2, 256, 255),
      Limit("embedding magnitude", 64, 0x7F_FFFF, 0x80_0000),
      Limit("embedding magnitude", 64, -0x7F_FFFF, -0x80_0000),
      Limit("logit rate's multiplier", 72, 65535, 65536), Limit("logit rate's shift", 76, 31, 32),
      Limit("logit rate's shift", 76, 8, 7),
    ] + codes("embedding", 128, 639) + layers.flatMap(layer)
    + norm("final norm", head: finalNorm, numbers: finalNorm + 12)
    + codes("unembedding", finalNorm + 56, finalNorm + 56 + 511)

  /// Values have 16 or 8 bits, and the gain leaves room for them.
  static let valueGains: [(CacheWidth, Limit)] = layers.flatMap { start in
    [
      (.int16, Limit("value gain", start + 72, 0, 1)),
      (.int16, Limit("value gain", start + 72, 1, 2).beside(start + 76, 1)),
      (.int8, Limit("value gain", start + 72, 128, 129)),
    ]
  }

  private func accepts(_ limit: Limit, _ value: Int64, _ cache: CacheWidth) -> (c: Bool, swift: Bool) {
    var file = Self.image(cache)
    for (offset, value) in limit.conditions { Self.set(offset, 4, value, in: &file) }
    Self.set(limit.offset, limit.byteCount, value, in: &file)
    Self.seal(&file)
    return (
      (try? CIntegerEngine(image: file, logitScale: 1, contextLength: 4)) != nil,
      (try? IntegerImageFile.read(file, name: "image")) != nil
    )
  }

  private func check(_ limit: Limit, _ cache: CacheWidth) {
    #expect(accepts(limit, limit.within, cache) == (true, true), "within")
    #expect(accepts(limit, limit.beyond, cache) == (false, false), "beyond")
  }

  @Test("a number at its limit is taken, and the next one refused", arguments: limits, CacheWidth.allCases)
  func numbers(limit: Limit, cache: CacheWidth) { check(limit, cache) }

  @Test("the gain of values leaves room for the values' bits", arguments: valueGains)
  func roomForValues(cache: CacheWidth, limit: Limit) { check(limit, cache) }

  @Test("the table's places are the format's")
  func places() {
    #expect(Self.shape.integerImageByteCount == Self.finalNorm + 56 + 512 + 4)
  }
}
