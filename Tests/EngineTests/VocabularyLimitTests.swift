import Basics
import Engine
import Formats
import Testing

/// Every limit of docs/formats/vocabulary.md, each as a section within it and one beyond it: both readers agree.
@Suite("Limits of vocabularies, in C and in Swift")
struct VocabularyLimitTests {
  /// A section with so many bytes of padding too many; its strings have tokens from 0x80 on.
  private static func section(
    _ strings: [String], unknown: UInt8 = 0xFF, longest: Int? = nil, padding: Int = 0,
    _ change: (inout [UInt8]) -> Void = { _ in }
  ) -> [UInt8] {
    var bitmap = [UInt8](repeating: 0xFF, count: 32)
    for token in Array(0x80..<0x80 + strings.count) + [0xFF] { bitmap[token / 8] &= ~(1 << UInt8(token % 8)) }
    var entries: [UInt8] = []
    for string in strings { entries += [UInt8(string.utf8.count)] + Array(string.utf8) }
    entries.append(0)
    let byteCount = (48 + entries.count + 3) / 4 * 4 + 4 + padding
    let longestCount = longest ?? strings.map(\.utf8.count).max() ?? 0
    var bytes = Array("ATOMEVOC".utf8)
    bytes += [1, 0, UInt8(byteCount & 0xFF), UInt8(byteCount >> 8), unknown, UInt8(longestCount), 0, 0]
    bytes += bitmap + entries
    bytes += [UInt8](repeating: 0, count: byteCount - bytes.count)
    change(&bytes)
    bytes.set(Int64(CRC32.checksum(bytes.dropLast(4))), bytes: 4, at: bytes.count - 4)
    return bytes
  }

  struct Limit: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var within: [UInt8]
    var beyond: [UInt8]
  }

  /// 56 strings of 16 bytes, in ascending order.
  private static let many = (0..<56).map { "string number " + String(UnicodeScalar(UInt8(65 + $0 / 8))) + "\($0 % 8)" }

  static let limits: [Limit] = [
    Limit(testDescription: "a string has 2 bytes", within: section(["ab", "cd"]), beyond: section(["ab", "c"])),
    Limit(
      testDescription: "a string has 16 bytes", within: section(["abcdefghijklmnop"]),
      beyond: section(["abcdefghijklmnopq"])),
    Limit(
      testDescription: "entries have 972 bytes", within: section(many + ["t1234567", "t23456789"]),
      beyond: section(many + ["t1234567", "t234567890"])),
    Limit(testDescription: "there is a string", within: section(["ab"]), beyond: section([])),
    Limit(testDescription: "strings ascend", within: section(["ab", "ac"]), beyond: section(["ac", "ab"])),
    Limit(testDescription: "none comes twice", within: section(["ab", "abc"]), beyond: section(["ab", "ab"])),
    Limit(
      testDescription: "the longest is said", within: section(["ab", "bcd"], longest: 3),
      beyond: section(["ab", "bcd"], longest: 4)),
    Limit(testDescription: "no padding but to a word", within: section(["abc"]), beyond: section(["abc"], padding: 4)),
    Limit(
      testDescription: "padding is 0", within: section(["abcd"]), beyond: section(["abcd"]) { $0[$0.count - 5] = 1 }),
    Limit(testDescription: "version 1", within: section(["ab"]) { $0[8] = 1 }, beyond: section(["ab"]) { $0[8] = 2 }),
    Limit(
      testDescription: "flags are 0", within: section(["ab"]) { $0[14] = 0 }, beyond: section(["ab"]) { $0[15] = 1 }),
    Limit(
      testDescription: "the unknown token has no bytes", within: section(["ab"], unknown: 0xFF),
      beyond: section(["ab"], unknown: 0x80)),
    Limit(
      testDescription: "bytes of strings are tokens", within: section(["a\u{7F}"]),
      beyond: section(["a\u{7F}"]) { $0[16 + 0x61 / 8] &= ~(1 << (0x61 % 8)) }),
    Limit(testDescription: "no string has a line end", within: section(["a\u{9}"]), beyond: section(["a\n"])),
    Limit(testDescription: "no string has a carriage return", within: section(["a\u{9}"]), beyond: section(["a\r"])),
  ]

  @Test("a section at its limit is taken, and the next one refused", arguments: limits)
  func sections(limit: Limit) {
    for (bytes, isWithin) in [(limit.within, true), (limit.beyond, false)] {
      #expect(((try? CTokenEncoder(section: bytes)) != nil) == isWithin, "C, \(bytes.count) bytes")
      #expect(((try? VocabularyFile.read(bytes, name: "section")) != nil) == isWithin, "Swift, \(bytes.count) bytes")
    }
  }

  @Test("the largest section has 1,024 bytes")
  func largest() {
    #expect(Self.section(Self.many + ["t1234567", "t23456789"]).count == VocabularyFile.byteLimit)
  }
}
