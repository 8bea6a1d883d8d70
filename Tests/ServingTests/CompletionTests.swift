import Foundation
import Serving
import TestSupport
import Testing

@Suite("Completions, as OpenAI's clients expect them") struct CompletionTests {
  @Test("content comes as text or as parts; an assistant may have said nothing")
  func messages() async throws {
    try await withServer { client, _ in
      let response = try await client.chat(
        [
          ["role": "system", "content": "s"], ["role": "assistant", "content": NSNull()],
          ["role": "user", "content": [["type": "text", "text": "a"], ["type": "text", "text": "b"]]],
        ], ["seed": 4, "temperature": 0.5])
      #expect(try response.text() == "system:s|assistant:|user:ab 4 0.5 é")
      let json = try response.json()
      #expect(json["object"] as? String == "chat.completion")
      #expect(json["system_fingerprint"] as? String == "fp_parrot")
      #expect((json["usage"] as? [String: Int])?["prompt_tokens"] == 7)
    }
  }

  @Test("several prompts with several answers each are counted through")
  func prompts() async throws {
    try await withServer { client, _ in
      let response = try await client.complete(["a", "b"], ["n": 2, "max_tokens": 6])
      let choices = try response.choices()
      #expect(choices.map { $0["index"] as? Int } == [0, 1, 2, 3])
      #expect(choices.map { $0["text"] as? String } == ["user:a", "user:a", "user:b", "user:b"])
      #expect(choices.allSatisfy { $0["finish_reason"] as? String == "length" })
      #expect(
        (try response.json()["usage"] as? [String: Int]) == [
          "prompt_tokens": 14, "completion_tokens": 24, "total_tokens": 38,
        ])
      #expect(try await client.complete("a", ["echo": true, "max_tokens": 0]).text() == "a")
      #expect(try await client.complete("a", ["echo": true, "stop": ":"]).text() == "auser")
    }
  }

  @Test("a stream says the same as the answer at once, in whole characters, and ends with the usage")
  func streams() async throws {
    try await withServer { client, server in
      for (isChat, fields) in [(true, ["n": 2]), (false, ["n": 2, "stop": ["er:"]])] as [(Bool, [String: Any])] {
        let ask: @Sendable ([String: Any]) async throws -> LoopbackClient.Response = { fields in
          isChat ? try await client.chat("hé", fields) : try await client.complete("hé", fields)
        }
        let whole = try await ask(fields.merging(["seed": 1]) { $1 })
        let streamed = try await ask(
          fields.merging(["seed": 1, "stream": true, "stream_options": ["include_usage": true]]) { $1 })
        #expect(streamed.header("Content-Type") == "text/event-stream")
        let events = try streamed.events()
        var (texts, reasons) = (["", ""], [String?](repeating: nil, count: 2))
        for choice in events.flatMap({ $0["choices"] as? [[String: Any]] ?? [] }) {
          let index = try #require(choice["index"] as? Int)
          let delta = choice["delta"] as? [String: Any]
          texts[index] += delta?["content"] as? String ?? choice["text"] as? String ?? ""
          if let reason = choice["finish_reason"] as? String { reasons[index] = reason }
        }
        #expect(texts == [try whole.text(0), try whole.text(1)])
        #expect(reasons == ["stop", "stop"])
        #expect(events.last?["usage"] as? [String: Int] == (try whole.json()["usage"] as? [String: Int]))
        #expect((events.last?["choices"] as? [Any])?.isEmpty == true)
        #expect(events.dropLast().allSatisfy { $0["usage"] is NSNull })
        let kind = isChat ? "chat.completion.chunk" : "text_completion"
        #expect(events.allSatisfy { $0["object"] as? String == kind })
      }
      #expect(await server.statistics.answersSent == 4)
    }
  }

  @Test("a stream that fails before its first word is a refusal, and after it an event")
  func brokenStreams() async throws {
    try await withServer { client, server in
      let refused = try await client.chat("refuse", ["stream": true])
      #expect(refused.status == 400)
      #expect(try refused.refusal() == "nothing to continue")
      let broken = try await client.complete("break", ["stream": true])
      #expect(broken.status == 200)
      #expect(broken.unchunked().contains("\"message\":\"it broke\""))
      #expect(!broken.unchunked().contains("[DONE]"))
      #expect(try await client.chat("crash").status == 500)
      #expect(await server.statistics.answersSent == 0)
    }
  }

  @Test("log probabilities come with bytes, in both shapes")
  func logprobs() async throws {
    try await withServer { client, _ in
      let chat = try await client.chat("é", ["logprobs": true, "top_logprobs": 2, "max_tokens": 7])
      let content = try #require((try chat.choices()[0]["logprobs"] as? [String: Any])?["content"] as? [[String: Any]])
      #expect(content.map { $0["bytes"] as? [Int] } == Array("user:é".utf8).map { [Int($0)] })
      #expect(content[0]["token"] as? String == "u" && content[6]["token"] as? String == "\u{FFFD}")
      #expect(content.allSatisfy { $0["logprob"] as? Double == -0.5 })
      let top = try #require(content[0]["top_logprobs"] as? [[String: Any]])
      #expect(top.map { $0["logprob"] as? Double } == [-0.5, -9999])
      #expect(top[1]["bytes"] as? [Int] == [255])

      let text = try await client.complete("é", ["logprobs": 2, "max_tokens": 2, "echo": true])
      let logprobs = try #require(try text.choices()[0]["logprobs"] as? [String: Any])
      #expect(logprobs["tokens"] as? [String] == ["bytes:\\xc3", "bytes:\\xa9", "u", "s"])
      let values = try #require(logprobs["token_logprobs"] as? [Any])
      #expect(values[0] is NSNull && values[1] as? Double == -0.5)
      #expect(logprobs["text_offset"] as? [Int] == [0, 1, 1, 2])
      #expect((logprobs["top_logprobs"] as? [Any])?[2] as? [String: Double] == ["u": -0.5, "bytes:\\xff": -9999])
      #expect(try text.text() == "éus")
      let plain = try await client.complete("é", ["logprobs": 0, "max_tokens": 1])
      let names = try #require(try plain.choices()[0]["logprobs"] as? [String: Any])
      #expect(names["tokens"] as? [String] == ["u"])
    }
    try await withServer(Parrot(hasLogprobs: false)) { client, _ in
      let response = try await client.chat("a", ["logprobs": true])
      #expect(response.status == 400)
      #expect(try response.refusal() == "this model has no log probabilities")
    }
  }

  @Test(
    "what a request has and the server has not is refused by name",
    arguments: [
      ("", "the body is not valid JSON"),
      ("{", "the body is not valid JSON"),
      ("[]", "'the body' has a value of the wrong type"),
      ("{}", "'model' is missing"),
      (#"{"model": 3}"#, "'model' has a value of the wrong type"),
      (#"{"model": "parrot"}"#, "'messages' should hold at least one message"),
      (#"{"model": "parrot", "messages": []}"#, "'messages' should hold at least one message"),
      (#"{"model": "parrot", "messages": [{"role": "user"}]}"#, "'messages.0.content' is missing"),
      (#"{"model": "parrot", "messages": [{"role": "user", "content": null}]}"#, "'messages.0.content' is missing"),
      (#"{"model": "parrot", "messages": [{"role": "nonsense", "content": "x"}]}"#, "'messages.0.role' is 'nonsense'"),
      (#"{"model": "parrot", "messages": [{"role": "user", "content": "x", "weight": 1}]}"#, "'messages.0.weight'"),
      (#"{"model": "parrot", "messages": [{"role": "user", "content": [{"type": "image_url"}]}]}"#, "is not text"),
      (#"{"model": "parrot", "messages": [{"role": "assistant", "tool_calls": [{}]}]}"#, "no tools"),
    ])
  func malformedMessages(body: String, message: String) async throws {
    try await withServer { client, _ in
      let response = try await client.post("/v1/chat/completions", body)
      #expect(response.status == 400)
      #expect(try response.refusal().contains(message), "\(String(decoding: response.body, as: UTF8.self))")
    }
  }

  @Test(
    "fields beyond their limits, and fields that would be passed over, are refused",
    arguments: [
      (#""n": 0"#, "'n' is 0"), (#""n": 1e30"#, "'n' is 1e30"), (#""n": 1.5"#, "'n' is 1.5"), (#""n": "1""#, "'n' has"),
      (#""temperature": 3"#, "'temperature' is 3"), (#""temperature": NaN"#, "'temperature'"),
      (#""top_p": 2"#, "'top_p'"),
      (#""seed": 18446744073709551615"#, "'seed' is 18446744073709551615"), (#""max_tokens": -1"#, "'max_tokens'"),
      (#""max_tokens": 0"#, "asks for nothing"), (#""max_tokens": 1, "max_completion_tokens": 2"#, "contradict"),
      (#""stop": 7"#, "'stop'"), (#""stop": """#, "'stop'"), (#""stop": ["1", "2", "3", "4", "5"]"#, "'stop'"),
      (#""stream": 1"#, "'stream'"), (#""stream_options": {"include_usage": true}"#, "'stream_options'"),
      (#""stream": true, "stream_options": {"x": 1}"#, "'stream_options.x'"), (#""top_logprobs": 2"#, "'top_logprobs'"),
      (#""logprobs": true, "top_logprobs": 21"#, "'top_logprobs' is 21"), (#""logprobs": 5"#, "'logprobs' has"),
      (#""tools": [{}]"#, "no tools"), (#""tool_choice": "required""#, "no tools"),
      (#""echo": true"#, "'echo' is not a field"),
      (#""response_format": {"type": "json_schema"}"#, "plain text"), (#""logit_bias": {"1": 2}"#, "'logit_bias'"),
      (#""presence_penalty": 0.5"#, "'presence_penalty'"), (#""reasoning_effort": "low""#, "'reasoning_effort'"),
      (#""store": true"#, "'store'"), (#""prompt": "x""#, "'prompt' is not a field"),
      (#""top_k": 3"#, "'top_k' is not a field"),
    ])
  func refusedFields(fields: String, message: String) async throws {
    let body = #"{"model": "parrot", "messages": [{"role": "user", "content": "x"}], "# + fields + "}"
    try await withServer { client, _ in
      let response = try await client.post("/v1/chat/completions", body)
      #expect(response.status == 400)
      let error = try #require(try response.json()["error"] as? [String: Any])
      #expect((error["message"] as? String)?.contains(message) == true, "\(error)")
      #expect(error["type"] as? String == "invalid_request_error" && error["param"] is String)
    }
  }

  @Test("fields that change nothing are taken")
  func harmlessFields() async throws {
    try await withServer { client, _ in
      let fields: [String: Any] = [
        "tools": [], "tool_choice": "none", "response_format": ["type": "text"], "presence_penalty": 0, "user": "me",
        "frequency_penalty": 0.0, "logit_bias": [String: Int](), "parallel_tool_calls": true, "store": false,
        "metadata": ["a": "b"], "n": 1.0, "stop": NSNull(), "seed": NSNull(), "max_completion_tokens": 3,
      ]
      let response = try await client.chat("x", fields)
      #expect(try response.text() == "use")
    }
    try await withServer { client, _ in
      for (fields, message) in [(["prompt": [1, 2]], "numbers of tokens"), (["suffix": "x"], "'suffix'")] {
        let response = try await client.complete("x", fields as [String: Any])
        #expect(response.status == 400)
        #expect(try response.refusal().contains(message))
      }
      #expect(try await client.complete(["x", 1] as [Any]).status == 400)
    }
  }
}
