import Basics
import Foundation
import HTTPTransport
import Lineage
import Teachers
import TestSupport
import Testing

/// What a profile changes of its dialect's requests.
@Suite("A profile's request fields")
struct RequestFieldsTests {
  private typealias Fields = TeacherProfile.RequestFields

  /// The request that the server saw.
  private func sent(
    _ fields: TeacherProfile.RequestFields, dialect: TeacherProfile.Dialect = .openAIChat,
    sampling: SamplingSettings = SamplingSettings(temperature: 1, topP: 1, maxTokens: 7, seed: 3), key: String? = nil,
    keyHeader: TeacherProfile.KeyHeader? = nil
  ) async throws -> LoopbackServer.Request {
    let answer = #"{"choices":[{"message":{"content":"x"},"text":"x","finish_reason":"stop"}],"#
    let rest = #""content":[{"type":"text","text":"x"}],"message":{"content":"x"},"done":true}"#
    return try await withLoopbackServer { _ in
      .json(answer + rest)
    } _: { server in
      let teacher = try TeacherFixture.teacher(
        server, dialect: dialect, key: key, fields: fields, keyHeader: keyHeader)
      let prompt = try Prompt(index: 0, messages: [Message(.user, "hi")], sampling: sampling)
      _ = try await teacher.ask([prompt], store: MemoryStore())
      return try #require(server.requests.first)
    }
  }

  private func body(_ fields: TeacherProfile.RequestFields, dialect: TeacherProfile.Dialect = .openAIChat) async throws
    -> String
  {
    String(decoding: try await sent(fields, dialect: dialect).body, as: UTF8.self)
  }

  @Test("nothing is sent that equals the API's default, unless the profile says so")
  func defaults() async throws {
    let plain = #"{"max_tokens":7,"messages":[{"content":"hi","role":"user"}],"model":"asked-model","seed":3}"#
    #expect(try await body(Fields()) == plain)
    let always = try await body(Fields(always: ["temperature", "top_p"]))
    #expect(always == plain.dropLast() + #","temperature":1,"top_p":1}"#)
    let anthropic = try await body(Fields(), dialect: .anthropic)
    #expect(!anthropic.contains("temperature") && !anthropic.contains("top_p"))
    let ollama = try await body(Fields(), dialect: .ollama)
    #expect(ollama.contains(#""temperature":1"#) && ollama.contains(#""top_p":1"#))
  }

  @Test("fields are left out, renamed and merged deeply, in this order")
  func changes() async throws {
    let fields = Fields(
      omit: ["seed"], rename: ["max_tokens": "max_completion_tokens"],
      body: [
        "reasoning_effort": .string("minimal"), "extra": .object(["deep": .object(["on": .bool(true)])]),
        "model": .string("other"),
      ])
    #expect(
      try await body(fields)
        == #"{"extra":{"deep":{"on":true}},"max_completion_tokens":7,"#
        + #""messages":[{"content":"hi","role":"user"}],"model":"other","reasoning_effort":"minimal"}"#)
    let nested = try await body(Fields(body: ["options": .object(["num_ctx": .number("4096")])]), dialect: .ollama)
    #expect(nested.contains(#""num_ctx":4096,"num_predict":7"#))
    // Two names that change places.
    let swapped = try await body(Fields(rename: ["seed": "max_tokens", "max_tokens": "seed"]))
    #expect(swapped.contains(#""max_tokens":3"#) && swapped.contains(#""seed":7"#))
  }

  @Test("stop texts are sent by the dialect's name")
  func stop() async throws {
    let sampling = SamplingSettings(maxTokens: 7, stop: ["END", "\n\n"])
    for (dialect, text) in [
      (TeacherProfile.Dialect.openAIChat, #""stop":["END","\n\n"]"#), (.openAICompletions, #""stop":["END","\n\n"]"#),
      (.anthropic, #""stop_sequences":["END","\n\n"]"#), (.ollama, #""stop":["END","\n\n"]"#),
    ] {
      let request = try await sent(Fields(), dialect: dialect, sampling: sampling)
      #expect(String(decoding: request.body, as: UTF8.self).contains(text))
    }
  }

  @Test("query and headers travel, a key by its own header")
  func address() async throws {
    let fields = Fields(
      headers: ["Anthropic-Version": "2024-01-01", "X-Team": "a b"], query: ["b": "2", "api-version": "2024-10-21"])
    let request = try await sent(fields, dialect: .anthropic, key: "secret")
    #expect(request.path == "/v1/messages?api-version=2024-10-21&b=2")
    #expect(request.headers["x-api-key"] == "secret" && request.headers["x-team"] == "a b")
    #expect(request.headers["anthropic-version"] == "2024-01-01")
    for (header, name, value) in [
      (TeacherProfile.KeyHeader.bearer, "authorization", "Bearer secret"), (.apiKey, "api-key", "secret"),
      (.xAPIKey, "x-api-key", "secret"), (.googleAPIKey, "x-goog-api-key", "secret"),
    ] {
      let request = try await sent(Fields(), key: "secret", keyHeader: header)
      #expect(request.headers[name] == value)
      #expect(request.headers.values.count { $0.contains("secret") } == 1)
    }
  }

  @Test("whatever may change the answer is part of the request's identity; a key's header is not")
  func identity() async throws {
    try await withLoopbackServer {
      TeacherFixture.echo($0)
    } _: { server in
      let prompt = try TeacherFixture.prompts(1)[0]
      func id(_ fields: TeacherProfile.RequestFields, _ header: TeacherProfile.KeyHeader? = nil) throws -> ContentID {
        try TeacherFixture.teacher(server, fields: fields, keyHeader: header).request(for: prompt).id
      }
      let variants = [
        Fields(), Fields(omit: ["seed"]), Fields(rename: ["seed": "random_seed"]), Fields(body: ["a": .bool(true)]),
        Fields(headers: ["A": "1"]), Fields(query: ["a": "1"]),
      ]
      #expect(try Set(variants.map { try id($0) }).count == variants.count)
      #expect(try id(Fields(), .apiKey) == id(Fields()))
    }
  }

  @Test("leaving out or renaming what is never sent is a spelling mistake, named with what was meant")
  func unknown() async throws {
    try await withLoopbackServer {
      TeacherFixture.echo($0)
    } _: { server in
      for fields in [Fields(omit: ["sead"]), Fields(rename: ["sead": "random_seed"])] {
        #expect {
          try TeacherFixture.teacher(server, fields: fields)
        } throws: { ($0 as? HintedError)?.hint?.contains("did you mean 'seed'") == true }
      }
    }
  }

  /// Earlier versions sent `temperature: 1` and named the address of `--endpoint`.
  @Test("what an earlier version paid for is found", arguments: [true, false])
  func former(atOtherAddress: Bool) async throws {
    try await withLoopbackServer {
      TeacherFixture.echo($0)
    } _: { server in
      let prompt = try Prompt(index: 0, messages: [Message(.user, "hi")], sampling: SamplingSettings(maxTokens: 7))
      let teacher = try TeacherFixture.teacher(server, identity: atOtherAddress ? nil : "server under test")
      let payload =
        #"{"max_tokens":7,"messages":[{"content":"hi","role":"user"}],"model":"asked-model","seed":0,"#
        + #""temperature":1,"top_p":1}"#
      let request = try TeacherRequest(
        promptID: prompt.id,
        endpoint: (atOtherAddress ? server.url + "/v1" : "server under test") + "/chat/completions",
        model: "asked-model", payload: payload)
      let store = MemoryStore()
      let lease = AttemptLease(
        requestID: request.id, number: 1, startedAt: Date(), expiresAt: Date(), possibleCost: 0)
      #expect(try await store.lease(lease, of: request) == .granted)
      try await store.recordAnswer(
        TeacherAnswer(
          requestID: request.id, text: "paid", finishReason: .stop, model: "m", usage: TokenUsage(), cost: 1, body: ""),
        attempt: TeacherAttempt(
          requestID: request.id, number: 1, startedAt: Date(), durationSeconds: 0, status: 200, outcome: "answered",
          detail: ""))
      let outcome = try await teacher.ask([prompt], store: store)
      #expect(outcome.samples.map(\.text) == ["paid"] && server.requests.isEmpty)
      #expect(try await teacher.estimate(PromptStream([prompt]), store: store).requestCount == 0)
    }
  }
}
