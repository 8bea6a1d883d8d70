import Basics
import Foundation
import Lineage
import Teachers
import TestSupport
import Testing

/// What servers answer, as their documentation and their users' reports show it.
@Suite("Reading answers")
struct AnswerReadingTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var dialect = TeacherProfile.Dialect.openAIChat
    var body: String
    var text = ""
    var reasoning = ""
    var reason = FinishReason.stop
    var usage: TokenUsage? = TokenUsage(promptTokenCount: 10, completionTokenCount: 20)
    var testDescription: String { name }
  }

  private static let usage = #""usage":{"prompt_tokens":10,"completion_tokens":20}"#

  private static func chat(_ message: String, _ reason: String = #""stop""#, _ usage: String = usage) -> String {
    #"{"model":"m","choices":[{"message":\#(message),"finish_reason":\#(reason)}],\#(usage)}"#
  }

  private static func counted(_ number: String) -> String {
    chat(#"{"content":"hi"}"#, #""stop""#, #""usage":{"prompt_tokens":\#(number),"completion_tokens":5}"#)
  }

  static let cases: [Case] = [
    Case(
      name: "parts", body: chat(#"{"content":[{"type":"text","text":"one "},{"type":"text","text":"two"}]}"#),
      text: "one two"),
    Case(
      name: "a thinking part",
      body: chat(#"{"content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"yes"}]}"#), text: "yes",
      reasoning: "hm"),
    Case(
      name: "reasoning_content", body: chat(#"{"content":"yes","reasoning_content":"hm"}"#), text: "yes",
      reasoning: "hm"),
    Case(name: "reasoning", body: chat(#"{"content":"yes","reasoning":"hm"}"#), text: "yes", reasoning: "hm"),
    Case(name: "think", body: chat(#"{"content":"<think>\nhm\n</think>\n\nyes"}"#), text: "yes", reasoning: "\nhm\n"),
    Case(
      name: "think, never closed", body: chat(#"{"content":"<think>hm","x":1}"#, #""length""#), reasoning: "hm",
      reason: .length),
    Case(
      name: "think, opened in the template", body: chat(#"{"content":"hm</think>\nyes"}"#), text: "yes", reasoning: "hm"
    ),
    Case(
      name: "think in the middle is text", body: chat(#"{"content":"say <think>hm</think>"}"#),
      text: "say <think>hm</think>"),
    Case(name: "null and length", body: chat(#"{"content":null}"#, #""length""#), reason: .length),
    Case(name: "null and stop", body: chat(#"{"content":null}"#)),
    Case(name: "no message, filtered", body: chat("null", #""content_filter""#), reason: .contentFilter),
    Case(
      name: "a refusal", body: chat(#"{"content":null,"refusal":"I cannot"}"#), reasoning: "I cannot",
      reason: .contentFilter),
    Case(name: "MAX_TOKENS", body: chat(#"{"content":"a"}"#, #""MAX_TOKENS""#), text: "a", reason: .length),
    Case(
      name: "model_context_window_exceeded", dialect: .anthropic,
      body:
        #"{"content":[{"type":"text","text":"a"}],"stop_reason":"model_context_window_exceeded","#
        + #""usage":{"input_tokens":10,"output_tokens":20}}"#,
      text: "a", reason: .length),
    Case(
      name: "an anthropic thought", dialect: .anthropic,
      body:
        #"{"content":[{"type":"thinking","thinking":"hm","signature":"s"},{"type":"text","text":"a"}],"#
        + #""stop_reason":"end_turn","usage":{"input_tokens":10,"output_tokens":20}}"#,
      text: "a", reasoning: "hm"),
    Case(
      name: "an ollama thought", dialect: .ollama,
      body:
        #"{"message":{"content":"a","thinking":"hm"},"done":true,"done_reason":"stop","#
        + #""prompt_eval_count":10,"eval_count":20}"#,
      text: "a", reasoning: "hm"),
    Case(
      name: "an unknown word", body: chat(#"{"content":"a"}"#, #""../../etc\u0000\u001b[31m""#), text: "a",
      reason: .other("../../etc[31m")),
    Case(name: "no word", body: chat(#"{"content":"a"}"#, "null"), text: "a"),
    Case(
      name: "a word of another type", body: chat(#"{"content":"a"}"#, "7"), text: "a", reason: .other("of another type")
    ),
    Case(name: "half a surrogate pair", body: chat(#"{"content":"a \ud800 b"}"#), text: "a \u{FFFD} b"),
    Case(name: "a surrogate pair", body: chat(#"{"content":"\ud83d\ude00"}"#), text: "😀"),
    Case(
      name: "the largest usage", body: counted("9223372036854775807"), text: "hi",
      usage: TokenUsage(promptTokenCount: 1_000_000_000, completionTokenCount: 5)),
    Case(
      name: "usage beyond all limits", body: counted("1e400"), text: "hi",
      usage: TokenUsage(promptTokenCount: 0, completionTokenCount: 5)),
    Case(
      name: "usage NaN", body: counted("NaN"), text: "hi",
      usage: TokenUsage(promptTokenCount: 0, completionTokenCount: 5)),
    Case(
      name: "usage as text, and a half", body: counted(#""7.5""#), text: "hi",
      usage: TokenUsage(promptTokenCount: 8, completionTokenCount: 5)),
    Case(
      name: "usage below zero", body: counted("-5"), text: "hi",
      usage: TokenUsage(promptTokenCount: 0, completionTokenCount: 5)),
    Case(
      name: "usage as a list", body: chat(#"{"content":"hi"}"#, #""stop""#, #""usage":[1,2]"#), text: "hi", usage: nil),
    Case(name: "no usage", body: chat(#"{"content":"hi"}"#, #""stop""#, #""x":1"#), text: "hi", usage: nil),
    Case(name: "another type where nobody looks", body: chat(#"{"content":"hi","tool_calls":NaN}"#), text: "hi"),
    Case(name: "a byte order mark", body: "\u{FEFF}" + chat(#"{"content":"hi"}"#), text: "hi"),
  ]

  @Test("text, thought, reason and usage", arguments: cases)
  func read(_ tried: Case) async throws {
    try await withLoopbackServer { _ in
      .json(tried.body)
    } _: { server in
      let store = MemoryStore()
      let teacher = try TeacherFixture.teacher(server, dialect: tried.dialect)
      let outcome = try await teacher.ask(TeacherFixture.prompts(1), store: store)
      let answer = try #require(store.contents.answers.values.first)
      #expect(server.requests.count == 1, "an answer is paid for once")
      #expect(answer.text == tried.text && outcome.samples.map(\.text) == [tried.text])
      #expect(answer.reasoning == tried.reasoning)
      #expect(answer.finishReason == tried.reason)
      #expect(answer.isUsageEstimated == (tried.usage == nil))
      if let usage = tried.usage { #expect(answer.usage == usage) }
      #expect(answer.cost > 0 && answer.cost.isFinite)
    }
  }

  @Test("two answers of the largest usage are added up without a crash")
  func hugeUsage() async throws {
    try await withLoopbackServer { _ in
      .json(Self.counted("9223372036854775807"))
    } _: { server in
      let outcome = try await TeacherFixture.teacher(server).ask(TeacherFixture.prompts(4), store: MemoryStore())
      #expect(outcome.usage.promptTokenCount == 4_000_000_000)
    }
  }

  @Test("a server that has only loaded its model is asked again")
  func loaded() async throws {
    let answered = #"{"message":{"content":"Warm."},"done":true,"done_reason":"stop"}"#
    try await withLoopbackServer { request in
      .json(request.number == 1 ? #"{"message":{"content":""},"done":true,"done_reason":"load"}"# : answered)
    } _: { server in
      let teacher = try TeacherFixture.teacher(server, dialect: .ollama)
      let outcome = try await teacher.ask(TeacherFixture.prompts(1), store: MemoryStore())
      #expect(outcome.samples.map(\.text) == ["Warm."])
    }
  }

  /// OpenRouter's and litellm's way: the status is 200, the body an error.
  @Test(
    "an error under status 200 is an error, in the server's words",
    arguments: [
      (#"{"error":{"message":"Provider returned error","code":502}}"#, "Provider returned error"),
      (#"{"error":{"message":"overloaded","type":"overloaded_error"}}"#, "overloaded"),
      (#"{"choices":[{"error":{"message":"upstream gone","code":503}}]}"#, "upstream gone"),
      (#"{"error":"plain words"}"#, "plain words"),
    ])
  func errorUnderOK(body: String, words: String) async throws {
    try await withLoopbackServer { request in
      request.number == 1 ? .json(body) : TeacherFixture.echo(request)
    } _: { server in
      let store = MemoryStore()
      let outcome = try await TeacherFixture.teacher(server).ask(TeacherFixture.prompts(1), store: store)
      #expect(outcome.samples.count == 1)
      #expect(store.contents.attempts.first?.detail.contains(words) == true)
      #expect(store.contents.attempts.first?.outcome == "server-error")
    }
  }

  @Test("half a character is repaired, and the answers that had one are counted")
  func repairs() async throws {
    try await withLoopbackServer { request in
      let word = request.number == 2 ? #"a \ud800 b"# : "whole"
      return .json(Self.chat(#"{"content":"\#(word)"}"#))
    } _: { server in
      let teacher = try TeacherFixture.teacher(server, maxInFlight: 1)
      let outcome = try await teacher.ask(TeacherFixture.prompts(3), store: MemoryStore())
      #expect(outcome.repairedCount == 1 && outcome.samples.map(\.text).contains("a \u{FFFD} b"))
    }
  }
}
