import Basics
import Formats
import Networks
import TestSupport
import Testing

@Suite("ATOME02 images")
struct AtomePackingTests {
  /// 3 x 7 = 21 trits leave four fifths of a byte; 7 x 7 = 49 one.
  private let model = RandomModel.make(seed: 5, shape: RandomModel.small)
  private let provenance = ContentID(of: "a checkpoint")

  /// The published format's sentence, another way than the reader's: digits peeled one by one.
  private static func trits(of packed: ArraySlice<UInt8>, count: Int) -> [Int8] {
    var trits: [Int8] = []
    for byte in packed {
      var rest = Int(byte)
      for _ in 0..<5 {
        trits.append(Int8(rest % 3 - 1))
        rest /= 3
      }
    }
    return Array(trits.prefix(count))
  }

  @Test("ATOME01 and ATOME02 turn into each other without a change")
  func roundTrip() throws {
    let first = AtomeImageFile.write(model, provenance: provenance)
    let second = AtomeImageFile.write(
      try AtomeImageFile.read(first, name: "first").model, packing: .atome02, provenance: provenance)
    let contents = try AtomeImageFile.read(second, name: "second")
    #expect(contents.model == model)
    #expect(contents.packing == .atome02)
    #expect(contents.trailer?.provenance == provenance)
    #expect(contents.bodyByteCount == AtomePacking.atome02.bodyByteCount(of: model.shape))
    #expect(AtomeImageFile.write(contents.model, provenance: provenance) == first)
  }

  @Test("every five trits have the byte of the published formula")
  func bytes() throws {
    for byte in 0...242 {
      var changed = Array(AtomeImageFile.write(model, packing: .atome02, provenance: nil).dropLast(104))
      changed[11] = UInt8(byte)
      let found = try AtomeImageFile.read(changed, name: "test", shape: model.shape).model
      #expect(Array(found.embedding.trits.prefix(5)) == Self.trits(of: [UInt8(byte)], count: 5))
    }
    #expect(AtomePacking.atome02.bodyByteCount(of: .atome60K) == 17_613)
    #expect(AtomePacking.atome02.bodyByteCount(of: .atome944K) == 229_975)
  }

  @Test(
    "the published ATOME02 image holds the trits of the ATOME01 one, and keeps every byte")
  func published() throws {
    let path = try #require(SharedData.path("atome/atome60k_random.atome"))
    let blobs = (try AtomicFile.read(path), try AtomicFile.read(path + "2"))
    let first = try AtomeImageFile.read(blobs.0, name: path, shape: .atome60K)
    let second = try AtomeImageFile.read(blobs.1, name: path + "2", shape: .atome60K)
    #expect(first.model == second.model)
    #expect(second.packing == .atome02)
    #expect(Self.trits(of: blobs.1[11..<3288], count: 16_384) == first.model.embedding.trits)
    let written = AtomeImageFile.write(first.model, packing: .atome02, provenance: nil)
    #expect(written.dropLast(AtomeTrailer.byteCount) == blobs.1[...])
  }

  @Test("every change of a single byte is refused")
  func singleByteCorruption() {
    let file = AtomeImageFile.write(model, packing: .atome02, provenance: provenance)
    for offset in file.indices {
      for mask: UInt8 in [0x01, 0x03, 0x80, 0xFF] {
        var damaged = file
        damaged[offset] ^= mask
        #expect(throws: HintedError.self, "offset \(offset), mask \(mask)") {
          try AtomeImageFile.read(damaged, name: "test")
        }
      }
    }
  }

  @Test("every truncation is refused, with a shape and without")
  func truncation() {
    let file = AtomeImageFile.write(model, packing: .atome02, provenance: nil)
    let bodyByteCount = file.count - AtomeTrailer.byteCount
    for count in file.indices {
      #expect(throws: HintedError.self) { try AtomeImageFile.read(Array(file[..<count]), name: "test") }
      if count == bodyByteCount { continue }
      #expect(throws: HintedError.self, "\(count) bytes") {
        try AtomeImageFile.read(Array(file[..<count]), name: "test", shape: model.shape)
      }
    }
  }

  @Test("a byte above 242 names its tensor and offset", arguments: [UInt8(243), 255])
  func noFiveTrits(byte: UInt8) {
    var body = Array(AtomeImageFile.write(model, packing: .atome02, provenance: nil).dropLast(104))
    body[12] = byte
    let error = #expect(throws: HintedError.self) {
      try AtomeImageFile.read(body, name: "test", shape: model.shape)
    }
    #expect(error?.message == "test: embedding holds \(byte), which is above 242 and no five trits, at offset 12")
  }

  @Test("after the last trit stand zeros, in a file with a trailer")
  func padding() throws {
    // The embedding's 256 x 7 trits fill 358 bytes and two fifths of one.
    let file = AtomeImageFile.write(model, packing: .atome02, provenance: nil)
    let last = 11 + 358
    for padding in 0..<27 {
      var body = Array(file.dropLast(AtomeTrailer.byteCount))
      body[last] = body[last] % 9 + UInt8(9 * padding)
      #expect(try AtomeImageFile.read(body, name: "test", shape: model.shape).model == model)
      let sealed = body + AtomeTrailer(describing: body, shape: model.shape, provenance: nil).bytes
      // 1 + 3 + 9: the digits of three zeros.
      let accepted = (try? AtomeImageFile.read(sealed, name: "test")) != nil
      #expect(accepted == (padding == 13), "\(padding)")
    }
  }
}
