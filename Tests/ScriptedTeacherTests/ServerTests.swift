import Basics
import Foundation
import ScriptedTeacher
import Testing

@Suite struct ServerTests {
  private func withServer(
    faults: Faults = Faults(), _ body: (LoopbackClient, ScriptedTeacherServer) async throws -> Void
  ) async throws {
    let server = ScriptedTeacherServer(grammar: try Grammars.thermostat(), faults: faults)
    let port = try await server.start()
    do { try await body(LoopbackClient(port: port), server) } catch {
      await server.stop()
      throw error
    }
    await server.stop()
  }

  @Test func chatAnswersHaveTheShapeOfTheAPI() async throws {
    try await withServer { client, _ in
      let response = try await client.chat("lowering the temperature", ["n": 2, "seed": 4])
      #expect(response.status == 200)
      #expect(response.head.lowercased().contains("content-type: application/json"))
      let json = try response.json()
      #expect(json["object"] as? String == "chat.completion")
      #expect(json["model"] as? String == "thermostat")
      #expect(json["created"] as? Int == 0)
      #expect((json["id"] as? String)?.hasPrefix("chatcmpl-") == true)
      let choices = try #require(json["choices"] as? [[String: Any]])
      #expect(choices.map { $0["index"] as? Int } == [0, 1])
      #expect(choices.allSatisfy { $0["finish_reason"] as? String == "stop" })
      let labels = try #require(choices[0]["labels"] as? [[String: String]])
      #expect(labels.count == 40 && labels.allSatisfy { $0["intent"] == "lower" })
      #expect(try response.text().components(separatedBy: "\n\n").count == 40)
      let usage = try #require(json["usage"] as? [String: Int])
      #expect(usage["prompt_tokens"] == 3)
      #expect(usage["total_tokens"] == (usage["prompt_tokens"] ?? 0) + (usage["completion_tokens"] ?? 0))
    }
  }

  @Test func plainCompletionsAndModels() async throws {
    try await withServer { client, _ in
      let response = try await client.post("/v1/completions", #"{"model": "thermostat", "prompt": "the fan"}"#)
      #expect(response.status == 200)
      #expect(try response.json()["object"] as? String == "text_completion")
      #expect(try response.text().hasPrefix("> "))
      let models = try #require(try await client.get("/v1/models").json()["data"] as? [[String: Any]])
      #expect(models.map { $0["id"] as? String } == ["thermostat"])
    }
  }

  /// Answers with what it was asked, and refuses an empty text.
  private struct Parrot: Respondent {
    func reply(to question: TeacherQuestion) throws -> TeacherAnswers {
      let prompt = question.messages.map(\.content).joined()
      guard !prompt.isEmpty else { throw QuestionRefusal("nothing to continue") }
      let text = question.stopped(" \(question.seed) \(question.temperature) \(question.topP), and on")
      return TeacherAnswers(
        promptTokenCount: 7,
        answers: (0..<question.answerCount).map {
          TeacherAnswers.Answer(text: text, isCut: question.maxTokens == 3, tokenCount: 10 + $0)
        })
    }
  }

  @Test func anyTeacherCanBeServed() async throws {
    let server = ScriptedTeacherServer(Parrot(), model: "parrot")
    let client = LoopbackClient(port: try await server.start())
    let head = #"{"model": "parrot", "prompt": "Once", "seed": 4, "temperature": 0.5, "top_p": 0.25"#
    let plain = try await client.post("/v1/completions", head + #", "max_tokens": 3, "n": 2}"#)
    #expect(try plain.text() == " 4 0.5 0.25, and on")
    let choices = try #require(try plain.json()["choices"] as? [[String: Any]])
    #expect(choices.map { $0["finish_reason"] as? String } == ["length", "length"])
    let usage = try #require(try plain.json()["usage"] as? [String: Int])
    #expect(usage == ["prompt_tokens": 7, "completion_tokens": 21, "total_tokens": 28])
    let echoed = try await client.post("/v1/completions", head + #", "echo": true, "stop": ","}"#)
    #expect(try echoed.text() == "Once 4 0.5 0.25")
    for wrong in [#"{"model": "parrot", "prompt": ""}"#, #"{"model": "parrot", "prompt": "x", "top_p": 2}"#] {
      #expect(try await client.post("/v1/completions", wrong).status == 400)
    }
    await server.stop()
  }

  @Test func theSameRequestGetsTheSameBytesFromAnyServer() async throws {
    var bodies: Set<Data> = []
    for _ in 0..<2 {
      try await withServer { client, _ in
        for _ in 0..<2 { bodies.insert(try await client.chat("the fan", ["seed": 9]).body) }
      }
    }
    #expect(bodies.count == 1)
    try await withServer { client, _ in
      let other = try await client.chat("the fan", ["seed": 10])
      #expect(other.body != bodies.first)
    }
  }

  @Test func limitsEndAnswers() async throws {
    try await withServer { client, _ in
      let whole = try await client.chat("units").text()
      let cut = try await client.chat("units", ["max_tokens": 5])
      let choice = try #require((try cut.json()["choices"] as? [[String: Any]])?.first)
      #expect(choice["finish_reason"] as? String == "length")
      #expect(try whole.hasPrefix(cut.text()))
      #expect((try cut.json()["usage"] as? [String: Int])?["completion_tokens"] == 5)
      let stopped = try await client.chat("units", ["stop": ["\n\n", "zzz"]]).text()
      #expect(stopped == whole.components(separatedBy: "\n\n").first)
      let stoppedByOne = try await client.chat("units", ["stop": "\n<"]).text()
      #expect(stoppedByOne == whole.components(separatedBy: "\n<").first)
    }
  }

  @Test(arguments: [
    ("", "the body is not valid JSON"),
    ("{", "the body is not valid JSON"),
    ("[]", "'the body' has a value of the wrong type"),
    ("{}", "'model' is missing"),
    (#"{"model": 3}"#, "'model' has a value of the wrong type"),
    (#"{"model": "thermostat"}"#, "'messages' should hold at least one message"),
    (#"{"model": "thermostat", "messages": []}"#, "'messages' should hold at least one message"),
    (#"{"model": "thermostat", "messages": [{"role": "user"}]}"#, "'messages.0.content' is missing"),
    (#"{"model": "thermostat", "messages": [{"role": "user", "content": "x"}], "n": 0}"#, "'n' is 0, outside 1…128"),
    (#"{"model": "thermostat", "messages": [{"role": "user", "content": "x"}], "n": 1e30}"#, "a number beyond"),
    (#"{"model": "thermostat", "messages": [{"role": "user", "content": "x"}], "temperature": 3}"#, "'temperature'"),
    (#"{"model": "thermostat", "messages": [{"role": "user", "content": "x"}], "max_tokens": -1}"#, "'max_tokens'"),
    (#"{"model": "thermostat", "messages": [{"role": "user", "content": "x"}], "stop": 7}"#, "'stop'"),
    (#"{"model": "thermostat", "messages": [{"role": "user", "content": "x"}], "stop": ""}"#, "'stop'"),
    (#"{"model": "thermostat", "messages": [{"role": "user", "content": "x"}], "stream": true}"#, "not streamed"),
  ])
  func malformedRequestsAreRefused(body: String, message: String) async throws {
    try await withServer { client, _ in
      let response = try await client.post("/v1/chat/completions", body)
      #expect(response.status == 400)
      #expect(try response.refusal().contains(message), "\(String(decoding: response.body, as: UTF8.self))")
    }
  }

  @Test func unknownModelsAndPathsAreRefused() async throws {
    try await withServer { client, _ in
      let model = try await client.chat("x", ["model": "gpt"])
      #expect(model.status == 404)
      #expect(try model.refusal().contains("this server has 'thermostat'"))
      for path in ["/v1/embeddings", "/v1/chat/completions"] {
        let response = try await client.get(path)
        #expect(response.status == 404)
      }
    }
  }

  @Test func bodiesHaveALimit() async throws {
    try await withServer { client, _ in
      let response = try await client.chat(String(repeating: "warm ", count: 250_000))
      #expect(response.status == 413)
    }
  }

  @Test func statisticsTellRepeats() async throws {
    try await withServer { client, server in
      try await withThrowingTaskGroup(of: Int.self) { group in
        for seed in 0..<40 { group.addTask { try await client.chat("eco mode", ["seed": seed]).status } }
        for try await status in group { #expect(status == 200) }
      }
      _ = try await client.post("/v1/chat/completions", "{")
      var statistics = try await client.get("/alambic/statistics").json()
      #expect(statistics["requestCount"] as? Int == 41)
      #expect(statistics["answersSent"] as? Int == 40)
      #expect(statistics["distinctRequests"] as? Int == 40)
      #expect(statistics["maximumRepeat"] as? Int == 1)
      #expect((statistics["repeats"] as? [String: Int])?.isEmpty == true)

      // The same JSON with other spaces and another order of keys is the same request.
      for body in [#"{"model":"thermostat","prompt":"x"}"#, #"{ "prompt": "x", "model": "thermostat" }"#] {
        let response = try await client.post("/v1/completions", body)
        #expect(response.status == 200)
      }
      statistics = try await client.get("/alambic/statistics").json()
      #expect(statistics["maximumRepeat"] as? Int == 2)
      #expect((statistics["repeats"] as? [String: Int])?.values.map(\.self) == [2])
      #expect(await server.statistics.distinctRequests == 41)
    }
  }

  @Test func faultsComeInTurn() async throws {
    let faults = Faults(everyTooManyRequests: 2, everyInternalError: 3, retryAfterSeconds: 7)
    try await withServer(faults: faults) { client, server in
      var statuses: [Int] = []
      for _ in 1...4 {
        let response = try await client.chat("x")
        statuses.append(response.status)
        #expect(response.head.contains("Retry-After: 7") == (response.status == 429))
      }
      #expect(statuses == [200, 429, 500, 429])
      #expect(await server.statistics.answersSent == 1)
    }
  }

  @Test func aDroppedConnectionLeavesNoBody() async throws {
    try await withServer(faults: Faults(everyDroppedConnection: 1)) { client, server in
      let response = try await client.chat("x")
      #expect(response.head.contains("1024") && response.body.isEmpty)
      #expect(await server.statistics.answersSent == 0)
    }
  }

  @Test func aTakenPortIsReported() async throws {
    let first = ScriptedTeacherServer(grammar: try Grammars.thermostat())
    let port = try await first.start()
    let second = ScriptedTeacherServer(grammar: try Grammars.thermostat(), port: port)
    let error = await #expect(throws: HintedError.self) { try await second.start() }
    #expect(error?.status == .unavailable)
    await first.stop()
    await #expect(throws: (any Error).self) { try await LoopbackClient(port: port).get("/v1/models") }
  }
}
