import Basics
import Foundation
import HTTPTransport
import TestSupport
import Testing

@Suite("One exchange over a real socket")
struct HTTPClientTests {
  let client: HTTPClient

  init() throws { client = try HTTPClient() }

  @Test("method, path, headers and body arrive; status, headers and body come back")
  func exchange() async throws {
    try await withLoopbackServer { request in
      LoopbackServer.Reply(201, headers: ["X-Echo": request.headers["x-name"] ?? ""], body: request.body.reversed())
    } _: { server in
      let response = try await client.send(
        HTTPRequest(.post, url: server.url + "/a?b=c", headers: ["X-Name": "value"], body: [1, 0, 255]))
      #expect(response.status == 201)
      #expect(response.headers["x-echo"] == "value")
      #expect(response.body == [255, 0, 1])
      #expect(server.requests.map(\.path) == ["/a?b=c"])
      #expect(server.requests.map(\.method) == ["POST"])
    }
  }

  @Test("an empty body is sent as an empty body")
  func emptyBody() async throws {
    try await withLoopbackServer { _ in
      LoopbackServer.Reply()
    } _: { server in
      let response = try await client.send(HTTPRequest(.post, url: server.url))
      #expect(response.status == 200)
      #expect(server.requests.first?.headers["content-length"] == "0")
    }
  }

  @Test("many requests are in flight at once")
  func concurrency() async throws {
    try await withLoopbackServer { _ in
      LoopbackServer.Reply(delaySeconds: 0.3)
    } _: { server in
      try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<24 { group.addTask { try await client.send(HTTPRequest(url: server.url)).status } }
        for try await status in group { #expect(status == 200) }
      }
      #expect(server.largestOpenCount > 4)
      #expect(server.requests.count == 24)
    }
  }

  @Test("a server that is too slow is left")
  func timeOut() async throws {
    try await withLoopbackServer { _ in
      LoopbackServer.Reply(delaySeconds: 3)
    } _: { server in
      let request = HTTPRequest(url: server.url, timeouts: HTTPTimeouts(total: 0.2))
      #expect(await reason(request) == .timedOut)
    }
  }

  @Test("a connection that ends before its declared length is a drop, not a short answer")
  func drop() async throws {
    try await withLoopbackServer { _ in
      LoopbackServer.Reply(body: Array("hello".utf8), declaredByteCount: 500)
    } _: { server in
      #expect(await reason(HTTPRequest(url: server.url)) == .dropped)
    }
  }

  @Test("a body beyond the declared length is not read")
  func lyingLength() async throws {
    try await withLoopbackServer { _ in
      LoopbackServer.Reply(body: Array("hello".utf8), declaredByteCount: 2)
    } _: { server in
      let response = try await client.send(HTTPRequest(url: server.url))
      #expect(response.body == Array("he".utf8))
    }
  }

  @Test("a response above the limit is refused")
  func tooLarge() async throws {
    try await withLoopbackServer { _ in
      LoopbackServer.Reply(body: [UInt8](repeating: 7, count: 100_000))
    } _: { server in
      #expect(await reason(HTTPRequest(url: server.url, responseByteLimit: 99_999)) == .tooLarge)
      let whole = try await client.send(HTTPRequest(url: server.url, responseByteLimit: 100_000))
      #expect(whole.body.count == 100_000)
    }
  }

  @Test("cancelling the task ends the transfer")
  func cancellation() async throws {
    try await withLoopbackServer { _ in
      LoopbackServer.Reply(delaySeconds: 3)
    } _: { server in
      let task = Task { try await client.send(HTTPRequest(url: server.url)) }
      while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
    }
  }

  @Test("a task that is cancelled before it starts ends at once")
  func earlyCancellation() async throws {
    try await withLoopbackServer { _ in
      LoopbackServer.Reply(delaySeconds: 3)
    } _: { server in
      let task = Task {
        try? await Task.sleep(for: .seconds(60))
        return try await client.send(HTTPRequest(url: server.url))
      }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
    }
  }

  @Test("redirects are followed only when asked for")
  func redirects() async throws {
    try await withLoopbackServer { request in
      request.path == "/old" ? LoopbackServer.Reply(302, headers: ["Location": "/new"]) : .json("{}")
    } _: { server in
      let plain = try await client.send(HTTPRequest(url: server.url + "/old"))
      #expect(plain.status == 302)
      let followed = try await client.send(HTTPRequest(url: server.url + "/old", followsRedirects: true))
      #expect(followed.status == 200)
      #expect(followed.headers["location"] == nil)
    }
  }

  @Test("nobody listens: refused, with a hint")
  func refused() async throws {
    let server = try LoopbackServer { _ in LoopbackServer.Reply() }
    server.stop()
    try await Task.sleep(for: .milliseconds(50))
    await #expect {
      try await client.send(HTTPRequest(url: server.url))
    } throws: { error in
      let hinted = error as? HintedError
      return hinted?.status == .unavailable && hinted?.hint != nil && hinted?.message.contains("127.0.0.1") == true
    }
  }

  @Test("a host that cannot exist is said to be unknown")
  func unknownHost() async {
    let found = await reason(HTTPRequest(url: "http://no-such-host.invalid/"))
    #expect(found == .unknownHost)
  }

  @Test(
    "only http and https addresses are used",
    arguments: [
      "file:///etc/passwd", "ftp://host/x", "gopher://host", "host/path", "", "http://", "http://a b/", "http://a/\tb",
    ])
  func schemes(url: String) async {
    #expect(await reason(HTTPRequest(url: url)) == .badRequest)
  }

  @Test("a header cannot smuggle another one, and its value is not shown")
  func headerInjection() async {
    let outcome = await client.exchange(HTTPRequest(url: "http://127.0.0.1:1", headers: ["X": "secret\r\nY: 1"]))
    guard case .failure(let error) = outcome else {
      Issue.record("a control character in a header was accepted")
      return
    }
    #expect(error.reason == .badRequest)
    #expect(!error.message.contains("secret"))
  }

  private func reason(_ request: HTTPRequest) async -> TransportError.Reason? {
    guard case .failure(let error) = await client.exchange(request) else { return nil }
    return error.reason
  }
}
