import Basics
import TestSupport
import Testing

@Suite("Reading bytes")
struct ByteReaderTests {
  @Test("What is written is read, in little-endian order")
  func roundTrip() throws {
    var writer = ByteWriter()
    writer.write(UInt16(0x0102))
    writer.write(Int32(-2))
    writer.write(UInt64.max)
    writer.write([Float(1), -0.0, .infinity])
    #expect(Array(writer.bytes.prefix(6)) == [2, 1, 0xFE, 0xFF, 0xFF, 0xFF])
    var reader = ByteReader(writer.bytes, name: "test")
    #expect(try reader.read(UInt16.self, "a") == 0x0102)
    #expect(try reader.read(Int32.self, "b") == -2)
    #expect(try reader.read(UInt64.self, "c") == .max)
    let floats = try reader.readFloats(3, "d")
    #expect(floats.map(\.bitPattern) == [Float(1), -0.0, .infinity].map(\.bitPattern))
    #expect(reader.remainingCount == 0)
  }

  @Test("Reading past the end names the file, the field and the place, and moves nothing")
  func pastTheEnd() throws {
    var reader = ByteReader([1, 2, 3], name: "x.bin")
    _ = try reader.readUInt8("first")
    let error = #expect(throws: HintedError.self) { try reader.read(UInt32.self, "count") }
    #expect(error?.message == "x.bin: count needs 4 bytes at offset 1, but only 2 remain")
    #expect(reader.offset == 1)
    #expect(throws: HintedError.self) { try reader.take(-1, for: "negative") }
    #expect(throws: HintedError.self) { try reader.take(.max, for: "huge") }
  }

  @Test("A file is read from any place, and never outside")
  func randomAccess() async throws {
    try await withTemporaryFolder { folder in
      try AtomicFile.write((0..<100).map { UInt8($0) }, to: "\(folder)/a")
      let file = try RandomAccessFile("\(folder)/a")
      #expect(file.byteCount == 100)
      #expect(try file.read(at: 98, count: 2) == [98, 99])
      #expect(try file.read(at: 100, count: 0) == [])
      for (offset, count) in [(99, 2), (-1, 1), (0, 101), (0, -1), (101, 0), (Int.max, 1), (1, Int.max), (Int.min, 1)] {
        #expect(throws: HintedError.self) { try file.read(at: offset, count: count) }
      }
      #expect(throws: HintedError.self) { try RandomAccessFile(folder) }
      #expect(throws: HintedError.self) { try RandomAccessFile("\(folder)/b") }
    }
  }

  @Test("JSON that is wrong is named by its field")
  func decoding() {
    struct Outer: Decodable {
      struct Inner: Decodable { var number: Int }
      var inner: [Inner]
    }
    let cases = [
      ("", "x: not a JSON text"), ("{}", "x: the field 'inner' is missing"),
      (#"{"inner":[{"number":1},{}]}"#, "x: the field 'inner.1.number' is missing"),
      (#"{"inner":[{"number":"1"}]}"#, "x: the field 'inner.0.number' is not of the type Int"),
      (#"{"inner":null}"#, "x: the field 'inner' is null"),
      (#"{"inner":[{"number":1.5}]}"#, "x: a number does not fit its field"),
      (#"{"inner":[{"number":99999999999999999999}]}"#, "x: a number does not fit its field"),
      (#"{"inner":[{"number":1}"#, "x: not a JSON text"),
    ]
    for (text, expected) in cases {
      let error = #expect(throws: HintedError.self) {
        try CanonicalJSON.decode(Outer.self, from: Array(text.utf8), named: "x")
      }
      #expect(error?.message == expected)
    }
  }
}
