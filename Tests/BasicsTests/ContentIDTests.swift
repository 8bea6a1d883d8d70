import Basics
import TestSupport
import Testing

@Suite("ContentID")
struct ContentIDTests {
  /// FIPS 180-2's examples, as `sha256sum` prints them too.
  @Test(
    "Known answers",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ])
  func knownAnswers(text: String, hex: String) {
    #expect(ContentID(of: text).description == "sha256:\(hex)")
    #expect(ContentID(of: text).digest.hexString == hex)
  }

  @Test("sha256sum agrees on a file of more than one piece")
  func files() async throws {
    try await withTemporaryFolder { folder in
      var generator = SeededGenerator(seed: 2)
      let bytes = (0..<(1 << 20) + 17).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
      try AtomicFile.write(bytes, to: "\(folder)/a")
      let sum = try await runTool("sha256sum", ["a"], in: folder)
      let id = try ContentID(ofFile: "\(folder)/a")
      #expect(String(decoding: sum.output, as: UTF8.self) == "\(id.hex)  a\n")
      #expect(id == ContentID(of: bytes))
    }
  }

  @Test("A list of ids that is hashed one by one has the id of its canonical JSON", arguments: 0...3)
  func lists(count: Int) throws {
    let ids = (0..<count).map { ContentID(of: "\($0)") }
    var hasher = ContentIDListHasher()
    for id in ids { hasher.append(id) }
    #expect(try hasher.id == ContentID(ofCanonical: ids))
  }

  @Test("An id survives its text and its JSON")
  func roundTrips() throws {
    let id = ContentID(of: "abc")
    #expect(ContentID(id.description) == id)
    #expect(ContentID(digest: id.digest) == id)
    #expect(try CanonicalJSON.text([id]) == "[\"\(id)\"]")
    #expect(try CanonicalJSON.decode([ContentID].self, from: CanonicalJSON.encode([id])) == [id])
  }

  @Test("Anything else is not an id")
  func notIDs() {
    let hex = ContentID(of: "abc").hex
    for text in [
      "", hex, "sha256:", "sha256:\(hex)0", "sha256:\(hex.dropLast())", "sha256:\(hex.uppercased())", "md5:\(hex)",
      "sha256:\(hex.dropLast())g", " sha256:\(hex)",
    ] {
      #expect(ContentID(text) == nil, "\(text)")
    }
    #expect(ContentID(digest: Array(repeating: 0, count: 31)) == nil)
    #expect([UInt8](hexString: "abc") == nil)
    #expect([UInt8](hexString: "0x") == nil)
    #expect([UInt8](hexString: "aBfF09") == [0xAB, 0xFF, 0x09])
  }

  @Test("Canonical JSON does not depend on the order of fields")
  func canonical() throws {
    #expect(try CanonicalJSON.text(["b": "x/y", "a": "é"]) == #"{"a":"é","b":"x/y"}"#)
  }
}
