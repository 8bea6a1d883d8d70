import Basics
import Engine
import Formats
import Lineage
import Networks
import TestSupport
import Testing

/// Every limit of docs/formats/atome.md, from one table: at the limit both readers take an image, and beyond it both
/// refuse it.
@Suite("Limits of ATOME01 and ATOME02, in C and in Swift")
struct FloatLimitTests {
  /// No tensor but the embeddings fills its last byte.
  private static let shape = RandomModel.small
  /// Where the trailer begins.
  private static func trailer(_ packing: AtomePacking) -> Int { packing.bodyByteCount(of: shape) }

  private static func image(_ packing: AtomePacking) -> [UInt8] {
    AtomeImageFile.write(RandomModel.make(seed: 5, shape: shape), packing: packing, provenance: nil)
  }

  /// Makes all checksums fit.
  private static func seal(_ file: inout [UInt8]) {
    let body = Array(file.dropLast(AtomeTrailer.byteCount))
    let start = body.count
    file.set(Int64(CRC32.checksum(body)), bytes: 4, at: start + 28)
    file.replaceSubrange(start + 32..<start + 64, with: ContentID(of: body).digest)
    file.set(Int64(CRC32.checksum(file[start..<start + 96])), bytes: 4, at: start + 96)
  }

  /// The largest float, and infinity; then both with a sign.
  private static func float(_ name: String, _ offset: Int) -> [FieldLimit] {
    [
      FieldLimit("\(name)", offset, 0x7F7F_FFFF, 0x7F80_0000),
      FieldLimit("\(name), negative", offset, 0xFF7F_FFFF, 0xFF80_0000),
      FieldLimit("\(name), NaN", offset, 0, 0x7FC0_0001),
    ]
  }

  /// The first and the last float of a vector of the model's width.
  private static func vector(_ name: String, _ offset: Int) -> [FieldLimit] {
    float("\(name)'s first", offset) + float("\(name)'s last", offset + 4 * (shape.modelWidth - 1))
  }

  /// Fields of the trailer, which begins at `start`.
  private static func fields(_ start: Int) -> [FieldLimit] {
    [
      FieldLimit("version", start + 8, bytes: 2, 1, 0), FieldLimit("version", start + 8, bytes: 2, 1, 2),
      FieldLimit("vocabulary's flag", start + 10, bytes: 2, 0, 1),
      FieldLimit("trained context without a vocabulary", start + 10, bytes: 2, 0xFFFE, 0xFFFF),
      FieldLimit("size of the body", start + 12, Int64(start), Int64(start) - 1),
      FieldLimit("size of the body", start + 12, Int64(start), Int64(start) + 1),
      FieldLimit("vocabulary", start + 26, bytes: 2, 256, 255),
      FieldLimit("vocabulary", start + 26, bytes: 2, 256, 257),
      FieldLimit("size of the trailer", start + 100, 104, 103),
      FieldLimit("size of the trailer", start + 100, 104, 105),
    ]
  }

  /// By the layout of the format: 256 rows of 7 trits, then the first block.
  static let limits01: [FieldLimit] = {
    let norm = 7 + 4 + 448
    let kernel = norm + 2 * 28
    let decay = kernel + 4 + 6
    let query = decay + 3 * 28
    let end = trailer(.atome01)
    return fields(end) + float("embedding's scale", 7) + vector("gain", norm) + vector("bias", norm + 28)
      + float("kernel's scale", kernel) + vector("decay", decay) + vector("output gain", decay + 56)
      + float("query's scale", query) + vector("final gain", end - 452 - 56) + vector("final bias", end - 452 - 28)
      + float("unembedding's scale", end - 452) + [
        FieldLimit("embedding's first code", 11, bytes: 1, 0b0100_0111, 0b0100_0110),
        FieldLimit("embedding's last code", norm - 1, bytes: 1, 0b1101_0011, 0b1001_0011),
        FieldLimit("unembedding's last code", end - 1, bytes: 1, 0b1101_0011, 0b1001_0011),
        FieldLimit("behind the kernel's 21 trits", decay - 1, bytes: 1, 0b11, 0b111),
        FieldLimit("behind the kernel's 21 trits", decay - 1, bytes: 1, 0b01, 0b1100_0001),
      ]
  }()

  /// Five trits a byte: 243 values. What fills the last byte are digits of 1, the code of 0.
  static let limits02: [FieldLimit] = {
    let norm = 7 + 4 + 359
    let kernel = norm + 2 * 28
    let decay = kernel + 4 + 5
    return fields(trailer(.atome02)) + [
      FieldLimit("embedding's first byte", 11, bytes: 1, 242, 243), FieldLimit("embedding", 11, bytes: 1, 0, 255),
      FieldLimit("behind the embedding's 1,792 trits", norm - 1, bytes: 1, 117 + 8, 117 + 8 + 9),
      FieldLimit("behind the kernel's 21 trits", decay - 1, bytes: 1, 120 + 2, 120 + 3),
      FieldLimit("behind the kernel's 21 trits", decay - 1, bytes: 1, 120, 119),
    ]
  }()

  private func check(_ limit: FieldLimit, _ packing: AtomePacking) {
    for (value, isWithin) in [(limit.within, true), (limit.beyond, false)] {
      var file = Self.image(packing)
      limit.put(value, into: &file)
      Self.seal(&file)
      #expect(((try? CEngine(image: file, contextLength: 4)) != nil) == isWithin, "C and \(value)")
      #expect(((try? AtomeImageFile.read(file, name: "image")) != nil) == isWithin, "Swift and \(value)")
    }
  }

  @Test("a number of ATOME01 at its limit is taken, and the next one refused", arguments: limits01)
  func numbers01(limit: FieldLimit) { check(limit, .atome01) }

  @Test("a number of ATOME02 at its limit is taken, and the next one refused", arguments: limits02)
  func numbers02(limit: FieldLimit) { check(limit, .atome02) }

  @Test("nothing stands between body and trailer but a vocabulary that is announced", arguments: AtomePacking.allCases)
  func gap(packing: AtomePacking) {
    for count in [1, 4, 52] {
      var file = Self.image(packing)
      file.insert(contentsOf: repeatElement(0, count: count), at: Self.trailer(packing))
      Self.seal(&file)
      #expect(throws: HintedError.self) { try CEngine(image: file, contextLength: 4) }
      #expect(throws: HintedError.self) { try AtomeImageFile.read(file, name: "image") }
    }
  }

  @Test("a vocabulary that the flags do not announce is refused")
  func silentVocabulary() throws {
    let words = try Vocabulary(strings: [0x80: Array("ab".utf8)], unknownToken: 0xFF)
    var file = AtomeImageFile.write(
      RandomModel.make(seed: 5, shape: Self.shape), vocabulary: words, provenance: nil)
    #expect(try AtomeImageFile.read(file, name: "image").vocabulary == words)
    file.set(0, bytes: 2, at: file.count - AtomeTrailer.byteCount + 10)
    Self.seal(&file)
    let silent = file
    #expect(throws: HintedError.self) { try CEngine(image: silent, contextLength: 4) }
    #expect(throws: HintedError.self) { try AtomeImageFile.read(silent, name: "image") }
  }

  @Test("another SHA-256 is refused, though the CRC fits; the C engine knows only the CRC")
  func digest() throws {
    var file = Self.image(.atome01)
    let start = Self.trailer(.atome01)
    file[start + 32] ^= 1
    file.set(Int64(CRC32.checksum(file[start..<start + 96])), bytes: 4, at: start + 96)
    let changed = file
    #expect(throws: HintedError.self) { try AtomeImageFile.read(changed, name: "image") }
    _ = try CEngine(image: changed, contextLength: 4)
  }
}
