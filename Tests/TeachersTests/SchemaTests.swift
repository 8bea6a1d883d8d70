import Basics
import Foundation
import Lineage
import Synchronization
import Teachers
import TestSupport
import Testing

/// A teacher that is told by a schema what its answers must be. An answer has three prompt tokens of 1 dollar and two
/// completion tokens of 2.
@Suite("Answers by a schema")
struct SchemaTests {
  private static func format(repairs: Int = 2) throws -> AnswerFormat {
    let schema =
      #"{"type":"object","properties":{"q":{"type":"string"},"a":{"type":"string","minLength":1}},"#
      + #""required":["q","a"],"#
      + #""additionalProperties":false}"#
    return try AnswerFormat(
      schema: JSONSchema(LenientJSON(Array(schema.utf8)).value), text: PromptTemplate("> {q}\n< {a}"), repairs: repairs)
  }

  private static func prompts(_ count: Int, repairs: Int = 2, n: Int? = nil) throws -> [Prompt] {
    try (0..<count).map { index in
      let choice = n.map { index % $0 } ?? 0
      return try Prompt(
        index: index, messages: [Message(.user, "prompt \(index / (n ?? 1))")],
        sampling: SamplingSettings(
          temperature: 0.5, maxTokens: 10, seed: UInt64(index / (n ?? 1)), n: n, choice: choice == 0 ? nil : choice),
        format: format(repairs: repairs))
    }
  }

  private static func messages(_ request: LoopbackServer.Request) -> [String] {
    (TeacherFixture.json(request.body)["messages"] as? [[String: Any]])?.compactMap { $0["content"] as? String } ?? []
  }

  private static func answer(_ text: String, reason: String = "stop") -> LoopbackServer.Reply {
    let quoted = (try? CanonicalJSON.text(JSONValue.string(text))) ?? ""
    return .json(
      #"{"model":"m","choices":[{"message":{"content":\#(quoted)},"finish_reason":"\#(reason)"}],"#
        + #""usage":{"prompt_tokens":3,"completion_tokens":2}}"#)
  }

  /// Answers that fit only once they were sent back so often.
  private static func mended(after turns: Int) -> @Sendable (LoopbackServer.Request) -> LoopbackServer.Reply {
    { request in
      let messages = messages(request)
      let turn = messages.count / 2
      return answer(turn < turns ? #"{"q":"\#(turn)"}"# : #"{"q":"\#(messages[0])","a":"after \#(turn)"}"#)
    }
  }

  @Test("an answer that does not fit is sent back with what is wrong; each turn is paid, none is paid twice")
  func repairs() async throws {
    try await withLoopbackServer(Self.mended(after: 2)) { server in
      let (store, teacher) = (MemoryStore(), try TeacherFixture.teacher(server))
      let prompts = try Self.prompts(5)
      let outcome = try await teacher.ask(prompts, store: store)
      #expect(outcome.samples.map(\.text) == (0..<5).map { "> prompt \($0)\n< after 2" })
      #expect(outcome.samples.map(\.promptID) == prompts.map(\.id))
      #expect(outcome.cost == 5 * 3 * 7 && server.requests.count == 15 && store.contents.answers.count == 15)
      let last = server.requests.map(Self.messages).first { $0.count == 5 } ?? []
      #expect(last[1] == #"{"q":"0"}"# && last[2].contains("the answer lacks 'a'") && last[3] == #"{"q":"1"}"#)
      // The ledger finds a sample by its request's prompt: each turn names the prompt that it is for.
      #expect(Set(store.contents.requests.values.map(\.promptID)) == Set(prompts.map(\.id)))
      let again = try await teacher.ask(prompts, store: store)
      #expect(again.samples == outcome.samples && again.cost == 0 && again.reusedCount == 5)
      #expect(server.requests.count == 15)
    }
  }

  @Test("what fits never is refused for good, also by --retry-refused, and the others go on")
  func hopeless() async throws {
    try await withLoopbackServer { request in
      Self.messages(request)[0] == "prompt 1" ? Self.answer("no JSON") : Self.mended(after: 1)(request)
    } _: { server in
      let (store, teacher) = (MemoryStore(), try TeacherFixture.teacher(server))
      for retriesRefused in [false, true] {
        let outcome = try await teacher.ask(
          Self.prompts(3), store: store, options: Teacher.AskOptions(retriesRefused: retriesRefused))
        #expect(outcome.samples.map(\.promptIndex) == [0, 2])
        #expect(outcome.refused.map(\.prompt.index) == [1])
        #expect(outcome.refused.first?.refusal.detail.contains("after 2 repairs: the answer is not JSON") == true)
        // Two and two turns, and three of the one that never fits.
        #expect(server.requests.count == 7)
      }
    }
  }

  @Test("an answer that was cut is not sent back")
  func cut() async throws {
    try await withLoopbackServer { request in
      Self.messages(request)[0] == "prompt 0"
        ? Self.answer(#"{"q":"a"#, reason: "length") : Self.mended(after: 0)(request)
    } _: { server in
      let outcome = try await TeacherFixture.teacher(server).ask(Self.prompts(2), store: MemoryStore())
      #expect(outcome.refused.first?.refusal.detail.contains("is cut") == true && server.requests.count == 2)
    }
  }

  @Test("where nothing fits, the run stops after the first answers and says so")
  func nothingFits() async throws {
    try await withLoopbackServer { _ in
      Self.answer("never")
    } _: { server in
      let error = try await TeacherFixture.failure(
        TeacherFixture.teacher(server), Self.prompts(100, repairs: 0), store: MemoryStore())
      #expect(error?.message.contains("20 are not as their schema") == true, "\(String(describing: error))")
      #expect(server.requests.count < 40)
    }
  }

  @Test("the limit holds for every turn")
  func budget() async throws {
    try await withLoopbackServer(Self.mended(after: 9)) { server in
      let store = MemoryStore()
      let error = try await TeacherFixture.failure(
        TeacherFixture.teacher(server), Self.prompts(1, repairs: 9), store: store, spendMaximum: 150)
      #expect(error?.status == .stopped)
      #expect(store.contents.answers.values.reduce(0) { $0 + $1.cost } <= 150 && server.requests.count > 1)
    }
  }

  @Test("several answers a request are sent back one by one")
  func several() async throws {
    try await withLoopbackServer { request in
      guard TeacherFixture.json(request.body)["n"] as? Int == 2 else { return Self.mended(after: 1)(request) }
      let bad = #"{"message":{"content":"{}"},"finish_reason":"stop"}"#
      return .json(#"{"choices":[\#(bad),\#(bad)],"usage":{"prompt_tokens":3,"completion_tokens":2}}"#)
    } _: { server in
      let outcome = try await TeacherFixture.teacher(server).ask(Self.prompts(4, n: 2), store: MemoryStore())
      #expect(outcome.samples.map(\.text) == ["0", "0", "1", "1"].map { "> prompt \($0)\n< after 1" })
      #expect(server.requests.count == 2 + 4 && outcome.cost == 6 * 7)
    }
  }

  @Test("repair turns go through batches, too")
  func batches() async throws {
    let provider = BatchProvider(answer: { body in
      let messages = (TeacherFixture.json(Array(body.utf8))["messages"] as? [[String: Any]])?.count ?? 0
      return messages < 3 ? "nothing" : #"{"q":"x","a":"y"}"#
    })
    try await withLoopbackServer(provider.reply) { server in
      var options = Teacher.AskOptions()
      options.batches = true
      options.batchPolicy = Teacher.BatchPolicy(firstSeconds: 0.01, longestSeconds: 0.02)
      let outcome = try await TeacherFixture.teacher(server, dialect: .anthropic).ask(
        Self.prompts(3), store: MemoryStore(), options: options)
      #expect(outcome.samples.map(\.text) == Array(repeating: "> x\n< y", count: 3))
      #expect(provider.batches.map(\.names.count) == [3, 3] && outcome.cost == 6 * 3.5)
    }
  }

  @Test("each dialect says it in its own words")
  func dialects() async throws {
    try await withLoopbackServer { _ in
      .json("{}", status: 401)
    } _: { server in
      func sent(_ dialect: TeacherProfile.Dialect) throws -> JSONValue {
        let request = try TeacherFixture.teacher(server, dialect: dialect).request(for: Self.prompts(1)[0])
        return try LenientJSON(Array(request.payload.utf8)).value
      }
      let schema = try Self.format().schema.json
      let openAI = try sent(.openAIChat)["response_format"]
      #expect(openAI?["type"]?.text == "json_schema" && openAI?["json_schema"]?["schema"] == schema)
      #expect(openAI?["json_schema"]?["strict"] == .bool(true))
      #expect(try sent(.anthropic)["output_config"]?["format"]?["schema"] == schema)
      #expect(try sent(.ollama)["format"] == schema)
      for dialect in [TeacherProfile.Dialect.openAICompletions, .scripted, .llama2c] {
        #expect(throws: HintedError.self) { try sent(dialect) }
      }
    }
  }
}
