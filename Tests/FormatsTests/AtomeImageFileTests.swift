import Basics
import Formats
import Networks
import TestSupport
import Testing

@Suite("ATOME01 images")
struct AtomeImageFileTests {
  private let model = RandomModel.make(seed: 5, shape: RandomModel.small)
  private let provenance = ContentID(of: "a checkpoint")

  @Test("what is written is read back, shape and provenance included")
  func roundTrip() throws {
    let file = AtomeImageFile.write(model, provenance: provenance)
    let contents = try AtomeImageFile.read(file, name: "test")
    #expect(contents.model == model)
    #expect(contents.trailer?.provenance == provenance)
    #expect(contents.bodyByteCount == RandomModel.small.atome01ByteCount)
  }

  @Test("the presets have the published sizes and parameter counts")
  func presets() {
    #expect(AtomeShape.atome60K.parameterCount == 60_800)
    #expect(AtomeShape.atome944K.parameterCount == 944_640)
    #expect(AtomeShape.atome60K.atome01ByteCount == 20_575)
    #expect(AtomeShape.atome944K.atome01ByteCount == 276_655)
  }

  @Test(
    "a published image keeps every byte through a read and a write",
    arguments: [("atome_944k", AtomeShape.atome944K), ("atome60k_random", AtomeShape.atome60K)]
      .filter { SharedData.path("atome/\($0.0).atome") != nil })
  func published(name: String, shape: AtomeShape) throws {
    let path = try #require(SharedData.path("atome/\(name).atome"))
    let blob = try AtomicFile.read(path)
    let contents = try AtomeImageFile.read(blob, name: path, shape: shape)
    #expect(contents.trailer == nil)
    let file = AtomeImageFile.write(contents.model, provenance: nil)
    #expect(file.dropLast(AtomeTrailer.byteCount) == blob[...])
  }

  @Test("every change of a single byte is refused")
  func singleByteCorruption() {
    let file = AtomeImageFile.write(model, provenance: provenance)
    for offset in file.indices {
      for mask: UInt8 in [0x01, 0x80, 0xFF] {
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
    let file = AtomeImageFile.write(model, provenance: nil)
    let bodyByteCount = file.count - AtomeTrailer.byteCount
    for count in file.indices {
      #expect(throws: HintedError.self) { try AtomeImageFile.read(Array(file[..<count]), name: "test") }
      // A body cut exactly at its end is the published form of the same model.
      guard count != bodyByteCount else { continue }
      #expect(throws: HintedError.self, "\(count) bytes") {
        try AtomeImageFile.read(Array(file[..<count]), name: "test", shape: model.shape)
      }
    }
  }

  @Test("a blob without a shape is refused, with the presets of its size")
  func shapeless() throws {
    let blob = [UInt8](repeating: 0, count: AtomeShape.atome60K.atome01ByteCount - 7)
    let error = #expect(throws: HintedError.self) {
      try AtomeImageFile.read(Array("ATOME01".utf8) + blob, name: "blob.atome")
    }
    #expect(error?.hint?.contains("--preset atome-60k") == true)
  }

  @Test("a shape that contradicts the trailer is refused")
  func contradiction() {
    let file = AtomeImageFile.write(model, provenance: nil)
    #expect(throws: HintedError.self) { try AtomeImageFile.read(file, name: "test", shape: .atome60K) }
  }

  @Test("an invalid trit names its tensor and offset")
  func invalidTrit() {
    var body = Array(AtomeImageFile.write(model, provenance: nil).dropLast(AtomeTrailer.byteCount))
    body[11] = 0b10
    let error = #expect(throws: HintedError.self) {
      try AtomeImageFile.read(body, name: "test", shape: model.shape)
    }
    #expect(error?.message.contains("embedding") == true && error?.message.contains("offset 11") == true)
  }

  @Test("a number that is not finite names its tensor")
  func notFinite() {
    var body = Array(AtomeImageFile.write(model, provenance: nil).dropLast(AtomeTrailer.byteCount))
    body.replaceSubrange(7..<11, with: [0, 0, 0x80, 0x7F])
    let error = #expect(throws: HintedError.self) {
      try AtomeImageFile.read(body, name: "test", shape: model.shape)
    }
    #expect(error?.message.contains("embedding scale") == true)
  }

  @Test("other formats are named", arguments: ["ATOMECL01"])
  func otherFormats(magic: String) {
    let error = #expect(throws: HintedError.self) {
      try AtomeImageFile.read(Array(magic.utf8) + [0, 0, 0], name: "other")
    }
    #expect(error?.message.contains(magic) == true)
  }

  @Test("CRC-32 has zlib's check value")
  func checkValue() {
    #expect(CRC32.checksum(Array("123456789".utf8)) == 0xCBF4_3926)
  }
}
