import Basics
import Foundation
import Lineage
import Teachers
import TestSupport
import Testing

/// Streamed answers as the servers' own documentation shows them, shortened; no keys, organisations or cookies.
@Suite("Streamed answers")
struct StreamTests {
  struct Stream: Sendable, CustomTestStringConvertible {
    var server: String
    var dialect: TeacherProfile.Dialect = .openAIChat
    var type = "text/event-stream; charset=utf-8"
    var body: String
    var text = "Hello wörld"
    var reasoning = ""
    var reason = FinishReason.stop
    var model = "m-1"
    var usage: TokenUsage? = TokenUsage(promptTokenCount: 9, completionTokenCount: 12)
    var testDescription: String { server }
  }

  static let streams = [
    Stream(
      server: "OpenAI, with include_usage",
      body: """
        data: {"id":"c","object":"chat.completion.chunk","model":"m-1","choices":[{"index":0,\
        "delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}

        data: {"id":"c","model":"m-1","choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":null}],\
        "usage":null}

        data: {"id":"c","model":"m-1","choices":[{"index":0,"delta":{"content":" wörld"},"finish_reason":null}],\
        "usage":null}

        data: {"id":"c","model":"m-1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}

        data: {"id":"c","model":"m-1","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":12,\
        "total_tokens":21}}

        data: [DONE]


        """),
    Stream(
      server: "llama.cpp: no role first, usage unasked in the last chunk, no [DONE]",
      body: """
        data: {"model":"m-1","choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":null}]}

        data: {"model":"m-1","choices":[{"index":0,"delta":{"content":" wörld"},"finish_reason":null}]}

        data: {"model":"m-1","choices":[{"index":0,"delta":{},"finish_reason":"length"}],\
        "usage":{"prompt_tokens":9,"completion_tokens":12}}

        """, reason: .length),
    Stream(
      server: "OpenRouter: comments that keep the connection open, CR LF",
      body: [
        ": OPENROUTER PROCESSING", "", ": OPENROUTER PROCESSING", "",
        #"data: {"model":"m-1","choices":[{"index":0,"delta":{"content":"Hello","reasoning":"Hm."}}]}"#, "",
        #"data: {"model":"m-1","choices":[{"index":0,"delta":{"content":" wörld"},"finish_reason":"stop"}],"#
          + #""usage":{"prompt_tokens":9,"completion_tokens":12}}"#, "", "data: [DONE]", "", "",
      ].joined(separator: "\r\n"), reasoning: "Hm."),
    Stream(
      server: "vLLM with a reasoning parser, and no blank lines between events",
      body: """
        data: {"model":"m-1","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}
        data: {"model":"m-1","choices":[{"index":0,"delta":{"reasoning_content":"I think"}}]}
        data: {"model":"m-1","choices":[{"index":0,"delta":{"content":"Hello wörld"}}]}
        data: {"model":"m-1","choices":[{"index":0,"delta":{"content":""},"finish_reason":"stop"}]}
        data: [DONE]
        """, reasoning: "I think", usage: nil),
    Stream(
      server: "a proxy that breaks one event over two data lines, and another choice beside the first",
      body: """
        \u{FEFF}event: chunk
        data: {"model":"m-1","choices":[{"index":1,"delta":{"content":"no"}},
        data: {"index":0,"delta":{"content":"Hello wörld"},"finish_reason":"stop"}]}

        """, usage: nil),
    Stream(
      server: "completions", dialect: .openAICompletions,
      body: """
        data: {"model":"m-1","choices":[{"text":"Hello","index":0,"finish_reason":null}]}

        data: {"model":"m-1","choices":[{"text":" wörld","index":0,"finish_reason":"stop"}],\
        "usage":{"prompt_tokens":9,"completion_tokens":12}}

        data: [DONE]

        """),
    Stream(
      server: "Anthropic, with thinking", dialect: .anthropic,
      body: """
        event: message_start
        data: {"type":"message_start","message":{"id":"msg","type":"message","role":"assistant","content":[],\
        "model":"m-1","stop_reason":null,"usage":{"input_tokens":9,"output_tokens":1}}}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"",\
        "signature":""}}

        event: ping
        data: {"type": "ping"}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Let me see."}}

        event: content_block_start
        data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Hello"}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":" wörld"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":1}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"max_tokens","stop_sequence":null},\
        "usage":{"output_tokens":12}}

        event: message_stop
        data: {"type":"message_stop"}

        """, reasoning: "Let me see.", reason: .length),
    Stream(
      server: "Ollama", dialect: .ollama, type: "application/x-ndjson",
      body: """
        {"model":"m-1","message":{"role":"assistant","content":"Hello"},"done":false}
        {"model":"m-1","message":{"role":"assistant","content":" wörld"},"done":false}
        {"model":"m-1","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop",\
        "prompt_eval_count":9,"eval_count":12}

        """),
  ]

  private static func reply(_ body: String, type: String = "text/event-stream") -> LoopbackServer.Reply {
    LoopbackServer.Reply(headers: ["Content-Type": type], body: Array(body.utf8))
  }

  @Test("are put together to text, thought, reason and counts", arguments: streams)
  func dialects(stream: Stream) async throws {
    try await withLoopbackServer { _ in
      Self.reply(stream.body, type: stream.type)
    } _: { server in
      let store = MemoryStore()
      let teacher = try TeacherFixture.teacher(
        server, dialect: stream.dialect,
        fields: TeacherProfile.RequestFields(body: ["stream": .bool(true)]))
      let outcome = try await teacher.ask(TeacherFixture.prompts(1), store: store)
      let sample = try #require(outcome.samples.first)
      #expect(sample.text == stream.text && sample.finishReason == stream.reason && sample.model == stream.model)
      let answer = try #require(store.contents.answers.values.first)
      #expect(answer.reasoning == stream.reasoning && answer.body == stream.body)
      #expect(answer.isUsageEstimated == (stream.usage == nil))
      if let usage = stream.usage { #expect(answer.usage == usage) }
      let request = try #require(server.requests.first)
      #expect(TeacherFixture.json(request.body)["stream"] as? Bool == true)
      #expect(request.headers["accept"]?.contains("text/event-stream") == true)
    }
  }

  @Test("of which the end is missing are no answers, wherever they break off", arguments: streams)
  func cut(stream: Stream) async throws {
    let lines = stream.body.split(separator: stream.body.contains("\r\n") ? "\r\n" : "\n")
    // All but what says the end; a whole event that is cut in its middle is no JSON.
    let ends = ["finish_reason\":\"", "stop_reason\":\"", "message_stop", "[DONE]", "\"done\":true"]
    let begun = lines.prefix { line in !ends.contains { line.contains($0) } }
    let bodies = [begun.joined(separator: "\n") + "\n\n", String(stream.body.prefix(stream.body.count / 4)), ""]
    for body in bodies {
      try await withLoopbackServer { request in
        request.number == 1 ? Self.reply(body, type: stream.type) : Self.reply(stream.body, type: stream.type)
      } _: { server in
        let store = MemoryStore()
        let outcome = try await TeacherFixture.teacher(server, dialect: stream.dialect)
          .ask(TeacherFixture.prompts(1), store: store)
        #expect(store.outcomes == ["malformed", "answered"], "\(body)")
        #expect(outcome.samples.map(\.text) == [stream.text])
      }
    }
  }

  @Test("with an error in their midst say the server's words")
  func errors() async throws {
    try await withLoopbackServer { _ in
      Self.reply(
        """
        data: {"choices":[{"index":0,"delta":{"content":"Hel"}}]}

        data: {"error":{"message":"upstream went away","code":400}}

        """)
    } _: { server in
      let error = try await TeacherFixture.failure(
        TeacherFixture.teacher(server), TeacherFixture.prompts(6), store: MemoryStore())
      #expect(error?.message.contains("upstream went away") == true)
    }
  }
}
