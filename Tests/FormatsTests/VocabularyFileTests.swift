import Basics
import Formats
import Lineage
import Testing

/// Sections that say what no vocabulary says, written here from docs/formats/vocabulary.md and with checksums that fit.
@Suite("Vocabulary sections")
struct VocabularyFileTests {
  /// What a section holds, right or wrong.
  struct Section: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var reason: String
    /// By token; every other token is its byte.
    var texts: [UInt8: [UInt8]] = [0x80: Array(" kit".utf8), 0x81: Array("ab".utf8), 0xFF: []]
    var unknown: UInt8 = 0xFF
    var longest: UInt8?
    var flags: UInt16 = 0
    var version: UInt16 = 1
    var spoil: @Sendable (inout [UInt8]) -> Void = { _ in }

    init(_ name: String, _ reason: String, _ change: (inout Section) -> Void) {
      testDescription = name
      self.reason = reason
      change(&self)
    }

    var bytes: [UInt8] {
      var bitmap = [UInt8](repeating: 0xFF, count: 32)
      for token in texts.keys { bitmap[Int(token) / 8] &= ~(1 << (token % 8)) }
      let strings = texts.sorted { $0.key < $1.key }.flatMap { [UInt8(truncatingIfNeeded: $0.value.count)] + $0.value }
      let size = (48 + strings.count + 3) / 4 * 4 + 4
      let longest = longest ?? UInt8(truncatingIfNeeded: texts.values.map(\.count).max() ?? 0)
      var bytes = Array("ATOMEVOC".utf8) + Self.two(version) + Self.two(UInt16(size)) + [unknown, longest]
      bytes += Self.two(flags) + bitmap + strings
      bytes += [UInt8](repeating: 0, count: size - 4 - bytes.count)
      bytes += (0..<4).map { UInt8(truncatingIfNeeded: CRC32.checksum(bytes) >> (8 * $0)) }
      spoil(&bytes)
      return bytes
    }

    private static func two(_ value: UInt16) -> [UInt8] { [UInt8(truncatingIfNeeded: value), UInt8(value >> 8)] }
  }

  private static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

  /// As many strings of 16 bytes as make it too long.
  private static let many = Dictionary(
    uniqueKeysWithValues: (0x80..<0xFF as Range<UInt8>).map { token in
      (token, text("string number \(String(token, radix: 16))"))
    })

  private static let wrong = [
    Section("two equal strings", "repeats the string before it") { $0.texts[0x81] = text(" kit") },
    Section("strings that descend", "should stand before it") { $0.texts[0x81] = text(" ab") },
    Section("a string of one byte", "is not a string of two bytes or more") { $0.texts[0x80] = text("a") },
    Section("a string without bytes", "token 128 has 0 bytes") { $0.texts[0x80] = [] },
    Section("a string of 17 bytes", "more than 16") { $0.texts[0x81] = text("abcdefghijklmnopq") },
    Section("more than fits", "the limit is 1024") { $0.texts.merge(many) { $1 } },
    Section("a string that no text can reach", "holds a byte that the vocabulary lacks") {
      $0.texts[0x81] = [0x61, 0x80]
    },
    Section("a string with a line end", "holds NUL or a line end") { $0.texts[0x81] = text("a\n") },
    Section("a line end that is not a token", "the byte 10 is not a token") { $0.texts[10] = text("  a") },
    Section("an unknown token that is a byte", "is a byte, and unknown") { $0.unknown = 0x41 },
    Section("an unknown token with a text", "token 255 has 3 bytes") { $0.texts[0xFF] = text("zzz") },
    Section("no strings at all", "none is a string") { $0.texts = [0xFF: []] },
    Section("a wrong longest string", "longest string is not as long") { $0.longest = 5 },
    Section("flags", "do not fill it") { $0.flags = 1 },
    Section("another version", "version is 2") { $0.version = 2 },
    Section("padding that is not zero", "do not fill it") {
      $0.texts[0x81] = text("abc")
      $0.spoil = { bytes in
        bytes[bytes.count - 5] = 1
        bytes.replaceSubrange((bytes.count - 4)..., with: repeatElement(0, count: 4))
        let sum = CRC32.checksum(bytes.dropLast(4))
        for index in 0..<4 { bytes[bytes.count - 4 + index] = UInt8(truncatingIfNeeded: sum >> (8 * index)) }
      }
    },
    Section("another checksum", "checksum") { $0.spoil = { $0[$0.count - 1] ^= 1 } },
    Section("another magic", "ATOMEVOC") { $0.spoil = { $0[0] ^= 1 } },
    Section("a byte more than it says", "and says") { $0.spoil = { $0.append(0) } },
  ]

  @Test("what contradicts itself is refused with its reason", arguments: wrong)
  func contradictions(section: Section) throws {
    let error = #expect(throws: HintedError.self) { try VocabularyFile.read(section.bytes, name: "x.atome") }
    let message = try #require(error?.message)
    #expect(message.hasPrefix("x.atome") && message.contains(section.reason), "\(message)")
  }

  @Test("a section that is written here is read, and written the same")
  func whole() throws {
    let section = Section("whole", "") { _ in }
    let vocabulary = try VocabularyFile.read(section.bytes, name: "x")
    #expect(vocabulary.stringTokens == [0x80, 0x81] && vocabulary.unknownToken == 0xFF)
    #expect(vocabulary.tokens[0x80] == Self.text(" kit") && vocabulary.tokens[0x41] == [0x41])
    #expect(VocabularyFile.write(vocabulary) == section.bytes)
    #expect(vocabulary.id == ContentID(of: section.bytes))
    #expect(VocabularyFile.write(.bytes).isEmpty && Vocabulary.bytes.id == nil)
    #expect(try VocabularyFile.read([], name: "x") == .bytes)
  }
}
