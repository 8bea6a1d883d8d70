import Foundation
import TestSupport
import Testing

@Suite("alambic talk, with bytes that are not UTF-8")
struct TalkBytesTests {
  private struct Answer: Decodable {
    var prompt: [UInt8]
    var output: [UInt8]
  }

  /// Latin-1, with an empty line and both kinds of line end; the last line has none.
  private static let prompts: [[UInt8]] = [
    [0x63, 0x61, 0x66, 0xE9], [], [0x6E, 0x61, 0xEF, 0x76, 0x65], [0xFF], [0xC3],
  ]

  private func talk(_ options: String, in folder: String) async throws -> ToolResult {
    let image = PublishedImage.small
    var input = Data()
    for (index, prompt) in Self.prompts.enumerated() {
      input += prompt + (index == Self.prompts.count - 1 ? [] : index == 2 ? [0x0D, 0x0A] : [0x0A])
    }
    try input.write(to: URL(fileURLWithPath: "\(folder)/lines"))
    return try await runTool(
      "sh",
      [
        "-c", "\"$0\" talk \"$1\" --preset \(image.preset) --bytes 24 --temperature 2 \(options) < lines",
        AlambicCommand.program, try image.path,
      ], in: folder)
  }

  /// Pretty objects, one after the other.
  private static func answers(in bytes: [UInt8]) throws -> [Answer] {
    try String(decoding: bytes, as: UTF8.self).split(separator: "\n}\n").map {
      try JSONDecoder().decode(Answer.self, from: Data("\($0)\n}".utf8))
    }
  }

  @Test("each line's bytes reach the model, and an empty line has an answer")
  func prompts() async throws {
    try await withTemporaryFolder { folder in
      let result = try await talk("--json", in: folder)
      let answers = try Self.answers(in: result.output)
      #expect(answers.map(\.prompt) == Self.prompts, "\(result.messages)")
      #expect(answers.map(\.output.count) == [24, 0, 24, 24, 24])
    }
  }

  @Test("standard output has the bytes that the model chose, an answer a line")
  func output() async throws {
    try await withTemporaryFolder { folder in
      let answers = try Self.answers(in: try await talk("--json", in: folder).output)
      let said = answers.map(\.output)
      // A model that says nothing but ASCII would prove nothing.
      try #require(said.contains { String(validating: $0, as: UTF8.self) == nil })
      let result = try await talk("", in: folder)
      #expect(result.status == 0 && result.output == Array(said.map { $0 + [0x0A] }.joined()), "\(result.messages)")
    }
  }

  @Test("--prompt does, too")
  func single() async throws {
    try await withTemporaryFolder { folder in
      let image = PublishedImage.small
      let arguments = [
        AlambicCommand.program, "talk", try image.path, "--preset", image.preset, "--prompt-hex", "ff", "--temperature",
        "2",
      ]
      let json = try await runTool("env", arguments + ["--json"], in: folder)
      let answer = try JSONDecoder().decode(Answer.self, from: Data(json.output))
      try #require(String(validating: answer.output, as: UTF8.self) == nil)
      #expect(try await runTool("env", arguments, in: folder).output == answer.output + [0x0A])
    }
  }
}
