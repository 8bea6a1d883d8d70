import Basics
import Formats
import Foundation
import Lineage
import TestSupport
import Testing

/// A talk at a real pseudo-terminal, with a small random model.
@Suite("alambic talk, at a terminal", .serialized)
struct TalkTerminalTests {
  private typealias Ender = (AlambicCommand.Ending) -> Void
  private typealias Body = (_ terminal: PseudoTerminal, _ end: @escaping Ender) async throws -> Void

  /// Talks, and checks that the terminal's mode is what it was before.
  private func talk(_ options: String = "", in folder: String, _ body: Body) async throws -> Int32 {
    let image = AtomeImageFile.write(RandomModel.make(seed: 5, shape: RandomModel.small), provenance: nil)
    try AtomicFile.write(image, to: "\(folder)/small.atome")
    let terminal = try PseudoTerminal()
    let mode = terminal.mode
    let status = try await AlambicCommand(in: folder).run(
      ["talk", "small.atome"] + options.split(separator: " ").map(String.init), at: terminal,
      environment: ["XDG_STATE_HOME": "\(folder)/state", "TERM": "xterm", "NO_COLOR": "1"]
    ) { end in
      try await terminal.wait(for: "> ")
      #expect(terminal.mode != mode, "the terminal is taken over")
      try await body(terminal, end)
    }
    #expect(terminal.mode == mode, "the terminal is as it was")
    return status
  }

  @Test("lines are edited, instructions followed, answers timed, and all is written down")
  func session() async throws {
    try await withTemporaryFolder { folder in
      let status = try await talk("--bytes 20", in: folder) { terminal, _ in
        terminal.type("ello\u{01}h\u{05}\u{1B}[D\u{1B}[D\u{1B}[C\u{1B}[Cx\u{7F}\r")
        try await terminal.wait(for: "20 bytes in ")
        try await terminal.wait(for: " bytes/s")
        terminal.type("/temprature 1\r")
        try await terminal.wait(for: "hint: did you mean /temperature?")
        terminal.type("/temperature 0.8\r")
        try await terminal.wait(for: "temperature 0.8, top k 256, top p 1.0, seed 0")
        terminal.type("\u{1B}[A\u{1B}[A\u{1B}[A\r")
        try await terminal.wait(for: " bytes/s")
        terminal.type("/help\r")
        try await terminal.wait(for: "/quit")
        terminal.type("/save talk.json\r")
        try await terminal.wait(for: "2 answers in talk.json")
        terminal.type("/quit\r")
      }
      #expect(status == 0)
      let saved = try Self.transcript("\(folder)/talk.json")
      #expect(saved.schema == "alambic.transcript/1" && saved.context == 64)
      #expect(saved.model == ContentID(of: try AtomicFile.read("\(folder)/small.atome")))
      #expect(saved.exchanges.map(\.prompt) == ["hello", "hello"])
      #expect(saved.exchanges.map(\.settings.temperature) == [0, 800])
      #expect(saved.exchanges[0].output != saved.exchanges[1].output)
      #expect(saved.exchanges[0].output == (try await answer("--bytes 20", in: folder)))
      let history = String(decoding: try AtomicFile.read("\(folder)/state/alambic/talk-history"), as: UTF8.self)
      #expect(
        history == "hello\n/temprature 1\n/temperature 0.8\nhello\n/help\n/save talk.json\n/quit\n")
    }
  }

  @Test("every engine gives the same bytes for the same seed", .needsEmulator)
  func engines() async throws {
    try await withTemporaryFolder { folder in
      let status = try await talk("--bytes 40 --context 16 --temperature 0.9 --seed 3", in: folder) { terminal, _ in
        for engine in ["swift", "c", "qemu"] {
          terminal.type("/engine \(engine)\r")
          try await terminal.wait(for: "engine \(engine), ")
          terminal.type("hello\r")
          try await terminal.wait(for: " bytes/s", seconds: 300)
        }
        terminal.type("/save talk.json\r")
        try await terminal.wait(for: "3 answers in ")
        terminal.type("\u{04}")
      }
      #expect(status == 0)
      let saved = try Self.transcript("\(folder)/talk.json")
      #expect(saved.exchanges.map(\.settings.engine) == ["swift", "c", "qemu"])
      #expect(Set(saved.exchanges.map(\.output)).count == 1 && saved.exchanges[0].output.count == 40)
    }
  }

  @Test("Ctrl-C ends the answer, not the talk, and on a line only the line")
  func interrupt() async throws {
    try await withTemporaryFolder { folder in
      let status = try await talk("--bytes 1000000", in: folder) { terminal, _ in
        terminal.type("hello\r")
        try await Task.sleep(for: .milliseconds(300))
        terminal.type("typed ahead\u{03}")
        try await terminal.wait(for: " bytes/s")
        try await terminal.wait(for: "> typed ahead")
        terminal.type("\u{03}")
        try await terminal.wait(for: "^C")
        terminal.type("/save talk.json\r")
        try await terminal.wait(for: "1 answers in ")
        terminal.type("\u{04}")
      }
      #expect(status == 0)
      let exchange = try #require(try Self.transcript("\(folder)/talk.json").exchanges.first)
      #expect(exchange.isInterrupted && exchange.output.count < 1_000_000)
    }
  }

  @Test("the terminal is as it was after a signal, too", arguments: [AlambicCommand.Ending.terminated, .interrupted])
  func signals(ending: AlambicCommand.Ending) async throws {
    try await withTemporaryFolder { folder in
      let idle = try await talk(in: folder) { _, end in end(ending) }
      #expect(idle == 130)
      let busy = try await talk("--bytes 1000000", in: folder) { terminal, end in
        terminal.type("hello\r")
        try await Task.sleep(for: .milliseconds(300))
        end(ending)
      }
      #expect(busy == 130)
    }
  }

  @Test("entropy is drawn, abstaining marks, /reset forgets both settings and transcript")
  func entropy() async throws {
    try await withTemporaryFolder { folder in
      let status = try await talk("--bytes 8 --abstain-above 0", in: folder) { terminal, _ in
        terminal.type("hello\r")
        try await terminal.wait(for: "(not sure): router entropy 0.")
        terminal.type("/engine c\r")
        try await terminal.wait(for: "abstaining needs the Swift engine")
        terminal.type("/bytes 4\r")
        try await terminal.wait(for: " 4 bytes")
        terminal.type("/reset\r")
        try await terminal.wait(for: " 8 bytes, stops at a document's end, abstains above 0.0")
        terminal.type("/quit\r")
      }
      #expect(status == 0)
      let shown = try await talk("--bytes 8 --entropy", in: folder) { terminal, _ in
        terminal.type("hello\r")
        try await terminal.wait(for: "layer 1  ")
        try await terminal.wait(for: "layer 2  ")
        terminal.type("/quit\r")
      }
      #expect(shown == 0)
    }
  }

  private struct Transcript: Decodable {
    struct Settings: Decodable {
      var temperature: Int
      var engine: String
    }
    struct Exchange: Decodable {
      var settings: Settings
      var prompt: String
      var output: [UInt8]
      var isInterrupted: Bool
    }
    var schema: String
    var model: ContentID
    var context: Int
    var exchanges: [Exchange]
  }

  private static func transcript(_ path: String) throws -> Transcript {
    try JSONDecoder().decode(Transcript.self, from: Data(try AtomicFile.read(path)))
  }

  private func answer(_ options: String, in folder: String) async throws -> [UInt8] {
    let outcome = try await AlambicCommand(in: folder)("talk small.atome --prompt hello --json \(options)")
    let output = try #require(try outcome.json()["output"] as? [Int])
    return output.map { UInt8(truncatingIfNeeded: $0) }
  }
}
