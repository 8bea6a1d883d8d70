import FlyingSocks
import Foundation
import Testing

/// Speaks HTTP to a port on 127.0.0.1, one connection a request, with bytes that a proper client would never send.
struct LoopbackClient: Sendable {
  struct Response: Sendable {
    var status: Int
    var head: String
    var body: Data

    func json() throws -> [String: Any] {
      let value = try JSONSerialization.jsonObject(with: body)
      return try #require(value as? [String: Any])
    }

    /// The text of a choice.
    func text(_ choice: Int = 0) throws -> String {
      let choices = try #require(try json()["choices"] as? [[String: Any]])
      if let text = choices[choice]["text"] as? String { return text }
      return try #require((choices[choice]["message"] as? [String: Any])?["content"] as? String)
    }

    /// The message of a refusal.
    func refusal() throws -> String {
      try #require((try json()["error"] as? [String: Any])?["message"] as? String)
    }
  }

  let port: UInt16

  func get(_ path: String) async throws -> Response {
    try await send("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
  }

  func post(_ path: String, _ body: String) async throws -> Response {
    try await send(
      """
      POST \(path) HTTP/1.1\r
      Host: localhost\r
      Connection: close\r
      Content-Type: application/json\r
      Content-Length: \(body.utf8.count)\r
      \r
      \(body)
      """)
  }

  func chat(_ prompt: String, _ fields: [String: Any] = [:]) async throws -> Response {
    var body: [String: Any] = ["model": "thermostat", "messages": [["role": "user", "content": prompt]]]
    body.merge(fields) { $1 }
    let data = try JSONSerialization.data(withJSONObject: body, options: [.sortedKeys])
    return try await post("/v1/chat/completions", String(decoding: data, as: UTF8.self))
  }

  /// Sends bytes as they are and reads until the server closes the connection.
  func send(_ request: String) async throws -> Response {
    let socket = try await AsyncSocket.connected(to: sockaddr_in.inet(ip4: "127.0.0.1", port: port))
    defer { try? socket.close() }
    try await socket.write(Data(request.utf8))
    var received = Data()
    while let bytes = try? await socket.read(atMost: 4096), !bytes.isEmpty { received += bytes }
    return try Self.response(received)
  }

  private static func response(_ bytes: Data) throws -> Response {
    let blankLine = try #require(bytes.firstRange(of: Data("\r\n\r\n".utf8)), "the connection closed without a head")
    let head = String(decoding: bytes[..<blankLine.lowerBound], as: UTF8.self)
    let status = try #require(head.split(separator: " ").dropFirst().first.flatMap { Int($0) })
    return Response(status: status, head: head, body: Data(bytes[blankLine.upperBound...]))
  }
}
