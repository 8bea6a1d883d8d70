import Basics
import Foundation
import Intake
import TestSupport
import Testing

@Suite("Records of files")
struct JSONRecordTests {
  /// What Foundation's parser takes, ours takes, with the same text; what it refuses, ours refuses.
  @Test("JSON lines are read as another parser reads them, whole, cut off or with a byte changed")
  func likeFoundation() throws {
    let samples = [
      #"{"a":1,"text":"x","b":[1,2,{"c":null}]}"#, #"{"text":"\u00e9\n\t\"\\\/ \ud83d\ude00"}"#,
      #" { "text" : "" , "n" : -0.5e+10 } "#, #"{"te\u0078t":"escaped name","t":true,"f":false}"#,
      #"{"text":"é€😀","k":{}}"#, #"{"o":{"text":"inner"},"text":"outer","e":[]}"#,
    ]
    var count = 0
    for sample in samples {
      let bytes = Array(sample.utf8)
      for cut in 0...bytes.count { try compare(Array(bytes[..<cut]), &count) }
      for position in bytes.indices {
        for replacement in Array("\"\\{}[]:,0-+.eut \u{1}".utf8) + [0x80, 0xFF] {
          var changed = bytes
          changed[position] = replacement
          try compare(changed, &count)
        }
      }
    }
    #expect(count > 700, "\(count) were valid")
  }

  /// Bytes are looked at eight at a time, so each special one stands at each place of a word, and in the rest behind.
  @Test("a byte that is special is met at every place of a text", arguments: 0...26)
  func specialBytes(length: Int) throws {
    for position in 0..<length {
      for special in (UInt8(0)..<0x20) + Array("\"\\\u{7F}".utf8) {
        var text = (0..<length).map { UInt8(ascii: "a") + UInt8($0 % 26) }
        text[position] = special
        var quoted: [UInt8] = []
        text.withUnsafeBufferPointer { JSONText.appendQuoted($0, to: &quoted) }
        let whole = Array(#"{"text":"#.utf8) + quoted + Array("}\n".utf8)
        let object = try JSONSerialization.jsonObject(with: Data(whole)) as? [String: Any]
        #expect(object?["text"] as? String == String(decoding: text, as: UTF8.self))
        let record = try records(whole + whole)
        #expect(record.count == 2 && record.allSatisfy { Array($0.text.utf8) == text && $0.fault == nil })
        guard special < 0x20 else { continue }
        // As it is, it has no place in a string; a line feed even ends the line.
        let bare = Array(#"{"text":""#.utf8) + text + Array("\"}\n".utf8)
        #expect(try records(bare).first?.fault == .malformed)
      }
    }
  }

  private func compare(_ line: [UInt8], _ validCount: inout Int) throws {
    let object = (try? JSONSerialization.jsonObject(with: Data(line))) as? [String: Any]
    let record = try records([UInt8](line)).first
    // And a comma behind the last value is taken there.
    if String(decoding: line, as: UTF8.self).contains(#/,\s*[}\]]/#) { return }
    // Foundation guesses at UTF-16 where there are zeros.
    // Half of a surrogate pair is an error there, and U+FFFD here, which curation refuses.
    if object == nil, record?.text.contains("\u{FFFD}") == true { return }
    guard !line.contains(0), String(validating: line, as: UTF8.self) != nil else {
      #expect(record?.fault != nil || line.allSatisfy { $0 == 0x20 })
      return
    }
    guard let text = object?["text"] as? String else {
      let isNumber = object?["text"] is NSNumber
      #expect(
        record == nil || record?.fault != nil || isNumber || object == nil, "\(String(decoding: line, as: UTF8.self))")
      if object == nil { #expect(record == nil || record?.fault != nil, "\(String(decoding: line, as: UTF8.self))") }
      return
    }
    validCount += 1
    #expect(record?.fault == nil && record?.text == text, "\(String(decoding: line, as: UTF8.self))")
  }

  struct Read { var text: String, extras: String, line: Int, fault: RecordFault.Kind? }

  private func records(
    _ content: [UInt8], name: String = "a.jsonl", separator: TextSeparator = .blankLine, template: String = "text",
    blockByteCount: Int = 2 << 20
  ) throws -> [Read] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try AtomicFile.write(content, to: "\(folder)/\(name)")
    let file = try InputFile(
      "\(folder)/\(name)", format: nil, separator: separator, template: try TextTemplate(template),
      blockByteCount: blockByteCount)
    var (all, line) = ([Read](), 1)
    while let block = try file.next() {
      let parsed = file.parser.parse(block)
      all += parsed.records.map {
        Read(
          text: String(decoding: parsed.arena[$0.text], as: UTF8.self),
          extras: String(decoding: parsed.arena[$0.extras], as: UTF8.self), line: line + $0.line, fault: $0.fault?.kind)
      }
      line += parsed.lineCount
    }
    return all
  }

  @Test("other fields come along, and those with names of ours are renamed")
  func extras() throws {
    let read = try records(Array(#"{"id":[1, 2],"text":"x","split":"test"}"#.utf8))
    #expect(read.map(\.extras) == [#","id":[1, 2],"input_split":"test""#])
    let table = try records(Array("q,origin,a\nx,\"y \"\"z\"\"\",w\n".utf8), name: "a.csv", template: "> {q}\\n< {a}")
    #expect(table.map(\.extras) == [#","input_origin":"y \"z\"""#] && table.map(\.text) == ["> x\n< w"])
  }

  @Test(
    "a table whose names are parted by semicolons alone is read so",
    arguments: [
      ("a;text\n1;x, y\n", "x, y"), ("\"a\";\"text\"\n\"1\";\"x;y\"\n", "x;y"), ("a,text\n1,x;y\n", "x;y"),
      ("\"a;b\",text\n1,x\n", "x"), ("text\nx;y\n", "x;y"),
    ])
  func semicolons(table: String, text: String) throws {
    for blockByteCount in [1, 1000] {
      #expect(try records(Array(table.utf8), name: "a.csv", blockByteCount: blockByteCount).map(\.text) == [text])
    }
  }

  /// Python's csv module, strict, reads the same cells.
  @Test("quotes, separators and line ends inside quotes, with and without carriage returns", arguments: ["\n", "\r\n"])
  func tables(end: String) throws {
    let rows = ["a,text", "1,plain", "2,\"a, b\"", "3,\"said \"\"hi\"\"\"", "4,\"two\(end)lines\"", "5,", "", "6,last"]
    for blockByteCount in [1, 7, 1000] {
      let read = try records(
        Array(rows.joined(separator: end).utf8), name: "a.csv", blockByteCount: blockByteCount)
      #expect(read.map(\.text) == ["plain", "a, b", "said \"hi\"", "two\(end)lines", "", "last"])
      #expect(read.map(\.line) == [2, 3, 4, 5, 7, 9])
      #expect(read.allSatisfy { $0.fault == nil })
    }
  }

  @Test("rows that are no rows are refused one by one")
  func brokenRows() throws {
    let read = try records(Array("a,text\n1,x,y\n\"b\"c,x\n2,fine\n3\n4,\"open\n".utf8), name: "a.csv")
    #expect(read.map(\.fault) == [.malformed, .malformed, nil, .malformed, .malformed])
  }

  @Test("texts between separators are the same however the file falls into blocks")
  func texts() throws {
    let cases: [(String, TextSeparator, [String], [Int])] = [
      ("one\n\ntwo\nlines\n \nthree\n\n\n\n", .blankLine, ["one\n\n", "two\nlines\n \n", "three\n\n"], [1, 3, 6]),
      ("a\r\n\r\nb", .blankLine, ["a\r\n\r\n", "b"], [1, 3]), ("a\n\nb\n", .line, ["a\n", "b\n"], [1, 3]),
      ("a<|e|>\nb\n<|e|><|e|>", .text("<|e|>"), ["a", "\nb\n"], [1, 2]), ("", .line, [], []),
    ]
    for (content, separator, texts, lines) in cases {
      for blockByteCount in [1, 3, 100] {
        let read = try records(
          Array(content.utf8), name: "a.txt", separator: separator, blockByteCount: blockByteCount)
        #expect(read.map(\.text) == texts && read.map(\.line) == lines)
      }
    }
  }

  @Test("a byte order mark does not count, and damage has its place")
  func damage() throws {
    let bytes: [UInt8] =
      [0xEF, 0xBB, 0xBF] + Array("{\"text\":\"a\"}\n{\"text\":\"".utf8) + [0xC3, 0x28] + Array("\"}\n".utf8)
    let read = try records(bytes)
    #expect(read.map(\.fault) == [nil, .invalidUTF8] && read.map(\.line) == [1, 2])
  }

  /// 20 MiB without a line end.
  @Test("a record that is too long is refused, and its neighbours are not")
  func oversized() throws {
    let long = [UInt8](repeating: 0x61, count: 20 << 20)
    let content = Array("{\"text\":\"a\"}\n{\"text\":\"".utf8) + long + Array("\"}\n{\"text\":\"b\"}\n".utf8)
    let read = try records(content)
    #expect(read.map(\.fault) == [nil, .oversized, nil] && read.map(\.line) == [1, 2, 3])
    #expect(try records(long + long).map(\.fault) == [.oversized])
  }

  @Test("gzip and zstd are looked through, members and frames one behind the other, and truncation is an error")
  func compressed() async throws {
    try await withTemporaryFolder { folder in
      try AtomicFile.write("{\"text\":\"a\"}\n", to: "\(folder)/a.jsonl")
      for (tool, ending) in [("gzip", "gz"), ("zstd", "zst")] {
        try await shell("cd \(folder) && \(tool) -c a.jsonl > one && cat one one > a.jsonl.\(ending)")
        let path = "\(folder)/a.jsonl.\(ending)"
        #expect(try texts(of: path) == ["a", "a"])
        let whole = try AtomicFile.read(path)
        for count in 4..<whole.count where count != whole.count / 2 {
          try AtomicFile.write(whole[..<count], to: path)
          #expect(throws: HintedError.self) { try texts(of: path) }
        }
      }
    }
  }

  private func texts(of path: String) throws -> [String] {
    let file = try InputFile(path, format: nil, separator: .line, template: try TextTemplate("text"))
    var all: [String] = []
    while let block = try file.next() {
      let parsed = file.parser.parse(block)
      all += parsed.records.map { String(decoding: parsed.arena[$0.text], as: UTF8.self) }
    }
    return all
  }

  private func shell(_ command: String) async throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  @Test("what is no table of texts, no template, no text", arguments: ["{", "{}", "a{b", "}{"])
  func templates(source: String) {
    #expect(throws: HintedError.self) { try TextTemplate(source) }
  }
}
