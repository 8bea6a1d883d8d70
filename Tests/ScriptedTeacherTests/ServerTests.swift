import Basics
import Foundation
import ScriptedTeacher
import Serving
import TestSupport
import Testing

@Suite struct ServerTests {
  private func withServer(
    faults: Faults = Faults(), _ body: (LoopbackClient, ModelServer) async throws -> Void
  ) async throws {
    let server = ModelServer(
      grammar: try Grammars.thermostat(), settings: ServerSettings(faults: faults))
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
}
