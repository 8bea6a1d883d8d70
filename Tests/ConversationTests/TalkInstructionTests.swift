import Basics
import Conversation
import Networks
import Testing

@Suite("A talk's instructions")
struct TalkInstructionTests {
  private static let start = TalkSettings(engine: .swift, sampling: nil, bytes: 80, stop: false, entropy: false)

  private func settings(after lines: String...) throws -> TalkSettings {
    var settings = Self.start
    for line in lines {
      guard case .set(let changed) = try TalkInstruction(parsing: line, settings) else {
        throw HintedError("\(line) sets nothing")
      }
      settings = changed
    }
    return settings
  }

  @Test("settings become a sampling")
  func sampling() throws {
    let changed = try settings(
      after: "/temperature 0.8", "/top-k 40", "/top-p 0.95", "/seed 18446744073709551615", "/bytes 12", "/stop on",
      "/entropy on")
    #expect(try changed.sampling() == Sampling(temperature: 800, topK: 40, topP: 950, seed: .max))
    #expect(changed.bytes == 12 && changed.stop && changed.entropy)
    #expect(try settings(after: "/temperature 0.8", "/temperature 0").sampling() == nil)
    #expect(try settings(after: "/engine   c ").engine == .c)
    let request = try changed.request()
    #expect(request.byteCount == 12 && request.stops == [0] && request.wantsEntropies)
  }

  @Test("a dialogue is switched on and off, and keeps its marks")
  func dialogue() throws {
    #expect(try settings(after: "/dialogue on").dialogue == DialogueMarks())
    #expect(try settings(after: "/dialogue on", "/dialogue off").dialogue == nil)
    var own = Self.start
    own.dialogue = DialogueMarks(request: "U:", reply: "A:")
    guard case .set(let kept) = try TalkInstruction(parsing: "/dialogue on", own) else { return #expect(Bool(false)) }
    #expect(kept.dialogue == own.dialogue)
  }

  @Test("instructions without settings")
  func others() throws {
    #expect(try TalkInstruction(parsing: "/help", Self.start) == .help)
    #expect(try TalkInstruction(parsing: "/quit", Self.start) == .quit)
    #expect(try TalkInstruction(parsing: "/reset", Self.start) == .reset)
    #expect(try TalkInstruction(parsing: "/save a talk.json", Self.start) == .save(path: "a talk.json"))
  }

  @Test(
    "what is wrong, and what to do",
    arguments: [
      ("/temprature 1", "/temprature is not an instruction", "did you mean /temperature? /help lists them"),
      ("/frobnicate", "/frobnicate is not an instruction", "/help lists them"),
      ("/seed", "/seed needs N", "/seed N: decides what is drawn"),
      ("/quit now", "/quit takes nothing after it", "/quit: leave; so does Ctrl-D"),
      ("/temperature 0.001", "/temperature is 0.001, outside 0.01…100", "choose a value in that range"),
      ("/temperature hot", "/temperature is 'hot', not a number with at most three decimals", "for example 0.8"),
      ("/top-k 0", "/top-k is '0', not a whole number in 1…256", "choose a value in that range"),
      ("/stop maybe", "/stop is 'maybe'", "/stop on, or /stop off"),
      ("/engine qmu", "there is no engine named 'qmu'", "did you mean qemu? engines: swift, c, qemu"),
    ])
  func refusals(line: String, message: String, hint: String) throws {
    let error = #expect(throws: HintedError.self) { try TalkInstruction(parsing: line, Self.start) }
    #expect(error?.message == message && error?.hint == hint && error?.status == .usage)
  }

  @Test("entropy needs the engine that shows its routers, whichever is set first")
  func routers() throws {
    #expect(throws: HintedError.self) { try settings(after: "/entropy on", "/engine c") }
    #expect(throws: HintedError.self) { try settings(after: "/engine qemu", "/entropy on") }
    #expect(try settings(after: "/entropy on", "/entropy off", "/engine c").engine == .c)
  }
}
