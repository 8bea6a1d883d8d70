import Foundation
import Synchronization

/// An HTTP server on a real loopback socket that can misbehave: be slow, stop in the middle, lie about its length.
///
/// One request a connection, one thread a connection; it keeps every request it has read, and the largest number of
/// them that were open at once.
public final class LoopbackServer: Sendable {
  public struct Request: Sendable {
    public var method: String
    public var path: String
    /// By lower-case name.
    public var headers: [String: String]
    public var body: [UInt8]
    /// How many requests came up to and including this one.
    public var number: Int
  }

  public struct Reply: Sendable {
    public var status: Int
    public var headers: [String: String]
    public var body: [UInt8]
    /// What `Content-Length` says; the truth when nil.
    public var declaredByteCount: Int?
    /// Where the connection ends early; nil for the whole body.
    public var sentByteCount: Int?
    public var delaySeconds: Double

    public init(
      _ status: Int = 200, headers: [String: String] = [:], body: [UInt8] = [], declaredByteCount: Int? = nil,
      sentByteCount: Int? = nil, delaySeconds: Double = 0
    ) {
      self.status = status
      self.headers = headers
      self.body = body
      self.declaredByteCount = declaredByteCount
      self.sentByteCount = sentByteCount
      self.delaySeconds = delaySeconds
    }

    public static func json(_ text: String, status: Int = 200, headers: [String: String] = [:]) -> Reply {
      Reply(
        status, headers: headers.merging(["Content-Type": "application/json"]) { old, _ in old },
        body: Array(text.utf8))
    }
  }

  private struct State {
    var requests: [Request] = []
    var openCount = 0
    var largestOpenCount = 0
  }

  public let port: UInt16
  private let listener: Int32
  private let handler: @Sendable (Request) -> Reply
  private let state = Mutex(State())

  public init(handler: @escaping @Sendable (Request) -> Reply) throws {
    self.handler = handler
    (listener, port) = try LoopbackSocket.listen()
    let thread = Thread { [self] in acceptAll() }
    thread.start()
  }

  public var url: String { "http://127.0.0.1:\(port)" }
  public var requests: [Request] { state.withLock { $0.requests } }
  public var largestOpenCount: Int { state.withLock { $0.largestOpenCount } }

  /// Ends the listening thread; connections under way finish.
  public func stop() { LoopbackSocket.shutDown(listener) }

  private func acceptAll() {
    while let connection = LoopbackSocket.acceptConnection(on: listener) {
      let thread = Thread { [self] in
        serve(connection)
        close(connection)
      }
      thread.start()
    }
    close(listener)
  }

  private func serve(_ connection: Int32) {
    guard var request = LoopbackSocket.readRequest(from: connection) else { return }
    state.withLock { state in
      request.number = state.requests.count + 1
      state.requests.append(request)
      state.openCount += 1
      state.largestOpenCount = max(state.largestOpenCount, state.openCount)
    }
    let reply = handler(request)
    Thread.sleep(forTimeInterval: reply.delaySeconds)
    state.withLock { $0.openCount -= 1 }
    LoopbackSocket.write(reply, to: connection)
  }
}

/// Runs `body` with a server that stops afterwards.
public func withLoopbackServer<Result>(
  _ handler: @escaping @Sendable (LoopbackServer.Request) -> LoopbackServer.Reply,
  _ body: (LoopbackServer) async throws -> Result
) async throws -> Result {
  let server = try LoopbackServer(handler: handler)
  defer { server.stop() }
  return try await body(server)
}
