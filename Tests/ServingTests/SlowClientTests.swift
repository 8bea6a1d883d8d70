import Basics
import Foundation
import Serving
import TestSupport
import Testing

/// Clients that a server has to survive. `scripts/attack-server` does the same with thousands.
@Suite("Slow, endless and rude clients") struct SlowClientTests {
  private func settings(_ change: (inout ServerLimits) -> Void) -> ServerSettings {
    var settings = ServerSettings()
    change(&settings.limits)
    return settings
  }

  @Test("more slow clients than connections leave it answering: the slowest is closed")
  func slowClients() async throws {
    try await withServer(Parrot(), settings { $0.connections = 32 }) { client, _ in
      let port = client.port
      let slow = try await LoopbackClient.blocking {
        try (0..<100).map { _ in
          let connection = try LoopbackConnection(port: port)
          connection.send("POST /v1/chat/completions HTTP/1.1\r\nHost: ")
          return connection
        }
      }
      for _ in 0..<40 { #expect(try await client.chat("x").status == 200) }
      // Whoever came first has been closed.
      #expect(try await LoopbackClient.blocking { slow[0].receiveAll() }.isEmpty)
    }
  }

  @Test("a connection that says too little in its time is told so and closed")
  func timeLimits() async throws {
    let settings = settings {
      $0.headSeconds = 0.2
      $0.bodySeconds = 0.2
      $0.idleSeconds = 0.2
    }
    try await withServer(Parrot(), settings) { client, _ in
      let port = client.port
      let post = "POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"
      for (sent, wanted) in [("", "the headers"), ("GET / HTTP/1.1\r\nA", "the headers"), (post, "the body")] {
        let bytes = try await LoopbackClient.blocking {
          let connection = try LoopbackConnection(port: port)
          connection.send(sent)
          return connection.receiveAll()
        }
        let answer = try LoopbackClient.response(Data(bytes))
        #expect(answer.status == 408)
        #expect(try answer.refusal().contains("waited for \(wanted)"))
      }
      // Between two requests, too.
      let answers = try await LoopbackClient.blocking {
        let connection = try LoopbackConnection(port: port)
        connection.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        return String(decoding: connection.receiveAll(), as: UTF8.self)
      }
      #expect(answers.hasPrefix("HTTP/1.1 200 OK") && answers.contains("waited for another request"))
    }
  }

  @Test("lines and headers without an end, and what is no HTTP, are refused")
  func endlessHeads() async throws {
    try await withServer { client, _ in
      let port = client.port
      let long = String(repeating: "a", count: 256 << 10)
      let many = (0..<20_000).map { "X-\($0): y\r\n" }.joined()
      for (sent, status) in [
        ("GET /" + long, 431), ("GET / HTTP/1.1\r\nA: " + long, 431), ("GET / HTTP/1.1\r\n" + many, 431), (long, 400),
        ("\u{16}\u{3}\u{1}\u{2}\0", 400), ("GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400),
      ] {
        let bytes = try await LoopbackClient.blocking {
          let connection = try LoopbackConnection(port: port)
          connection.send(sent)
          return connection.receiveAll()
        }
        #expect(try LoopbackClient.response(Data(bytes)).status == status, "\(sent.prefix(30))")
      }
      #expect(try await client.chat("x").status == 200)
    }
  }

  @Test("bodies have a limit, announced or not, and the client hears of it while it is still sending")
  func endlessBodies() async throws {
    try await withServer(Parrot(), settings { $0.bodyBytes = 1 << 16 }) { client, _ in
      let port = client.port
      #expect(try await client.chat(String(repeating: "warm ", count: 13_000)).status == 200)
      #expect(try await client.chat(String(repeating: "warm ", count: 250_000)).status == 413)
      let chunk = "10000\r\n" + String(repeating: "x", count: 1 << 16) + "\r\n"
      let bytes = try await LoopbackClient.blocking {
        let connection = try LoopbackConnection(port: port)
        connection.send("POST /v1/completions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in 0..<20 { connection.send(chunk) }
        return connection.receiveAll()
      }
      #expect(try LoopbackClient.response(Data(bytes)).status == 413)
    }
  }

  @Test("a client that reads nothing is closed, and keeps nobody waiting")
  func deafClients() async throws {
    struct Talker: Respondent {
      let ended: Ended
      func reply(
        to question: ServedQuestion, say: @Sendable (AnswerPiece) async throws -> Void
      ) async throws -> AnswerEndings {
        do {
          while true { try await say(AnswerPiece(index: 0, text: String(repeating: "talk ", count: 10_000))) }
        } catch {
          await ended.count()
          throw error
        }
      }
    }
    let ended = Ended()
    try await withServer(Talker(ended: ended), settings { $0.writeSeconds = 0.2 }) { client, _ in
      let port = client.port
      let body = #"{"model": "parrot", "prompt": "x", "stream": true}"#
      let deaf = try await LoopbackClient.blocking {
        let connection = try LoopbackConnection(port: port)
        connection.send("POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        return connection
      }
      #expect(try await client.get("/health").status == 200)
      try await ended.wait(for: 1)
      withExtendedLifetime(deaf) {}
    }
  }

  @Test("resets, at whatever moment, end what was being done for them and nothing else")
  func resets() async throws {
    try await withServer { client, _ in
      let port = client.port
      let body = #"{"model": "parrot", "prompt": "x", "stream": true}"#
      let request = "POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
      try await LoopbackClient.blocking {
        for count in stride(from: 0, through: request.utf8.count, by: 3) {
          let connection = try LoopbackConnection(port: port)
          connection.resetAtEnd()
          connection.send(request.utf8.prefix(count))
        }
      }
      #expect(try await client.chat("x").status == 200)
    }
  }

  @Test("requests on one connection, one by one or all at once, are answered in order")
  func pipelines() async throws {
    try await withServer { client, _ in
      let port = client.port
      let requests = ["/health", "/v1/models", "/nowhere", "/health"].map { "GET \($0) HTTP/1.1\r\nHost: x\r\n\r\n" }
      let received = try await LoopbackClient.blocking {
        let connection = try LoopbackConnection(port: port)
        connection.send(requests.joined() + "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        return String(decoding: connection.receiveAll(), as: UTF8.self)
      }
      let statuses = received.components(separatedBy: "HTTP/1.1 ").dropFirst().map { $0.prefix(3) }
      #expect(statuses == ["200", "200", "404", "200", "200"])
    }
  }

  @Test("nothing is computed any longer for a client that has gone, however it went", arguments: [true, false])
  func goneClients(isReset: Bool) async throws {
    /// Thinks until it is told to stop.
    struct Thinker: Respondent {
      let ended: Ended
      func reply(
        to question: ServedQuestion, say: @Sendable (AnswerPiece) async throws -> Void
      ) async throws -> AnswerEndings {
        while !Task.isCancelled { try? await Task.sleep(for: .milliseconds(1)) }
        await ended.count()
        throw CancellationError()
      }
    }
    let ended = Ended()
    try await withServer(Thinker(ended: ended)) { client, _ in
      let port = client.port
      let body = #"{"model": "parrot", "prompt": "x"}"#
      try await LoopbackClient.blocking {
        for _ in 0..<5 {
          let connection = try LoopbackConnection(port: port)
          if isReset { connection.resetAtEnd() }
          connection.send(
            "POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
          Thread.sleep(forTimeInterval: 0.05)
        }
      }
      try await ended.wait(for: 5)
    }
  }

  @Test("a listener that was closed is said, and not waited for")
  func lostSocket() async throws {
    let server = ModelServer(Parrot(), model: "parrot")
    let error = await #expect(throws: HintedError.self) {
      try await server.run { _ in Task { await server.loseSocket() } }
    }
    #expect(error?.status == .unavailable && error?.message.contains("has stopped listening") == true)
  }

  @Test("HTTP/1.0 gets a stream without chunks, and whoever expects a continuation gets one")
  func dialects() async throws {
    try await withServer { client, _ in
      let port = client.port
      let body = #"{"model": "parrot", "prompt": "x", "stream": true}"#
      let head = "Host: x\r\nContent-Length: \(body.utf8.count)\r\n"
      let old = try await client.send(
        "POST /v1/completions HTTP/1.0\r\nConnection: keep-alive\r\n\(head)\r\n\(body)")
      #expect(old.status == 200 && old.header("Transfer-Encoding") == nil)
      let text = String(decoding: old.body, as: UTF8.self)
      #expect(text.hasPrefix("data: {") && text.hasSuffix("data: [DONE]\n\n"))
      let received = try await LoopbackClient.blocking {
        let connection = try LoopbackConnection(port: port)
        connection.send(
          "POST /v1/completions HTTP/1.1\r\nExpect: 100-continue\r\nConnection: close\r\n\(head)\r\n")
        let first = connection.receive()
        connection.send(body)
        return [first, connection.receiveAll()].map { String(decoding: $0, as: UTF8.self) }
      }
      #expect(received[0] == "HTTP/1.1 100 Continue\r\n\r\n")
      #expect(received[1].hasPrefix("HTTP/1.1 200 OK\r\n"))
    }
  }

  @Test("a taken port is reported, and a stopped server refuses connections")
  func ports() async throws {
    let port = try await withServer { client, _ in
      let second = ModelServer(Parrot(), model: "parrot", settings: ServerSettings(port: client.port))
      let error = await #expect(throws: HintedError.self) { try await second.start() }
      #expect(error?.status == .unavailable)
      #expect(error?.message.contains("Address already in use") == true)
      return client.port
    }
    await #expect(throws: (any Error).self) { try await LoopbackClient(port: port).get("/v1/models") }
    let nowhere = ModelServer(Parrot(), model: "parrot", settings: ServerSettings(host: "no.such.host.invalid"))
    await #expect(throws: HintedError.self) { try await nowhere.start() }
  }
}

/// Counts what has ended.
private actor Ended {
  private var value = 0

  func count() { value += 1 }

  /// Waits half a minute at most.
  func wait(for goal: Int) async throws {
    let end = ContinuousClock.now + .seconds(30)
    while value < goal, .now < end { try await Task.sleep(for: .milliseconds(5)) }
    #expect(value == goal)
  }
}
