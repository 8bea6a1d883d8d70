import Basics
import Foundation
import HTTPTransport
import Lineage
import Teachers
import TestSupport
import Testing

/// Requests and answers as the servers' own documentation shows them.
@Suite("Dialects")
struct DialectTests {
  /// One exchange: the request that the server saw, and the sample that came of its reply.
  private func exchange(
    _ dialect: TeacherProfile.Dialect, reply: String, key: String? = nil
  ) async throws -> (request: LoopbackServer.Request, body: [String: Any], sample: Sample) {
    try await withLoopbackServer { _ in
      .json(reply)
    } _: { server in
      let teacher = try TeacherFixture.teacher(server, dialect: dialect, key: key)
      let outcome = try await teacher.ask(TeacherFixture.prompts(1), store: MemoryStore())
      let request = try #require(server.requests.first)
      return (request, TeacherFixture.json(request.body), try #require(outcome.samples.first))
    }
  }

  @Test("openai-chat: the payload is canonical JSON with the whole conversation and sampling")
  func openAIChat() async throws {
    let (request, _, sample) = try await exchange(
      .openAIChat, reply: #"{"model":"m","choices":[{"message":{"content":"hi\n"},"finish_reason":"length"}]}"#)
    #expect(request.path == "/v1/chat/completions")
    #expect(request.headers["content-type"] == "application/json")
    #expect(
      String(decoding: request.body, as: UTF8.self)
        == #"{"max_tokens":10,"messages":[{"content":"Be brief.","role":"system"},"#
        + #"{"content":"prompt 0","role":"user"}],"model":"asked-model","seed":0,"temperature":0.5,"top_p":0.9}"#)
    #expect(sample.text == "hi\n")
    #expect(sample.finishReason == .length)
    // The server counts nothing: four bytes a token, of 138 bytes of request and 3 of answer.
    #expect(sample.usage == TokenUsage(promptTokenCount: (request.body.count + 3) / 4, completionTokenCount: 1))
  }

  @Test("openai-chat: an answer that the filter emptied is an empty answer")
  func filtered() async throws {
    let (_, _, sample) = try await exchange(
      .openAIChat, reply: #"{"choices":[{"message":{"content":null},"finish_reason":"content_filter"}]}"#)
    #expect(sample.text.isEmpty)
    #expect(sample.finishReason == .contentFilter)
    #expect(sample.model == "asked-model")
  }

  @Test("llama2c: a continuation that begins with the prompt")
  func llama2c() async throws {
    let reply = #"{"choices":[{"text":"prompt 0 and on","finish_reason":"stop"}]}"#
    let (request, body, sample) = try await exchange(.llama2c, reply: reply)
    #expect(request.path == "/v1/completions" && body["echo"] as? Bool == true && sample.text == "prompt 0 and on")
    let (_, plain, _) = try await exchange(.openAICompletions, reply: reply)
    #expect(plain["echo"] == nil)
  }

  @Test("openai-completions: messages become one text")
  func openAICompletions() async throws {
    let (request, body, sample) = try await exchange(
      .openAICompletions,
      reply:
        #"{"model":"m","choices":[{"text":" and on","finish_reason":"stop"}],"#
        + #""usage":{"prompt_tokens":4,"completion_tokens":2}}"#
    )
    #expect(request.path == "/v1/completions")
    #expect(body["prompt"] as? String == "Be brief.\n\nprompt 0")
    #expect(body["max_tokens"] as? Int == 10)
    #expect(sample.text == " and on")
    #expect(sample.usage == TokenUsage(promptTokenCount: 4, completionTokenCount: 2))
  }

  @Test("anthropic: the system message stands at the top, the key in its own header")
  func anthropic() async throws {
    let (request, body, sample) = try await exchange(
      .anthropic,
      reply: """
        {"id":"msg_1","type":"message","role":"assistant","model":"claude","content":[{"type":"text","text":"Warm"},
        {"type":"tool_use"},{"type":"text","text":"er."}],"stop_reason":"max_tokens",
        "usage":{"input_tokens":11,"output_tokens":7}}
        """, key: "k")
    #expect(request.path == "/v1/messages")
    #expect(request.headers["x-api-key"] == "k")
    #expect(request.headers["authorization"] == nil)
    #expect(request.headers["anthropic-version"] == "2023-06-01")
    #expect(body["system"] as? String == "Be brief.")
    #expect((body["messages"] as? [[String: String]]) == [["role": "user", "content": "prompt 0"]])
    #expect(body["max_tokens"] as? Int == 10)
    #expect(body["seed"] == nil)
    #expect(sample.text == "Warmer.")
    #expect(sample.finishReason == .length)
    #expect(sample.usage == TokenUsage(promptTokenCount: 11, completionTokenCount: 7))
  }

  @Test("ollama: options hold the sampling, nothing is streamed")
  func ollama() async throws {
    let (request, body, sample) = try await exchange(
      .ollama,
      reply: """
        {"model":"llama3.2","message":{"role":"assistant","content":"Warm."},"done":true,"done_reason":"stop",
        "prompt_eval_count":26,"eval_count":5}
        """)
    #expect(request.path == "/v1/api/chat")
    #expect(body["stream"] as? Bool == false)
    let options = body["options"] as? [String: Any]
    #expect(options?["num_predict"] as? Int == 10)
    #expect(options?["temperature"] as? Double == 0.5)
    #expect(sample.text == "Warm.")
    #expect(sample.finishReason == .stop)
    #expect(sample.usage == TokenUsage(promptTokenCount: 26, completionTokenCount: 5))
  }
}
