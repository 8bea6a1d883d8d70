import Foundation
import Testing

/// Speaks HTTP to a port on 127.0.0.1, one connection a request, with bytes that a proper client would never send.
public struct LoopbackClient: Sendable {
  public struct Response: Sendable {
    public var status: Int
    public var head: String
    public var body: Data

    public func json() throws -> [String: Any] {
      let value = try JSONSerialization.jsonObject(with: body)
      return try #require(value as? [String: Any])
    }

    /// The value of a header.
    public func header(_ name: String) -> String? {
      head.components(separatedBy: "\r\n").first { $0.lowercased().hasPrefix(name.lowercased() + ":") }
        .map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
    }

    public func choices() throws -> [[String: Any]] { try #require(try json()["choices"] as? [[String: Any]]) }

    /// The text of a choice.
    public func text(_ choice: Int = 0) throws -> String {
      let choices = try choices()
      if let text = choices[choice]["text"] as? String { return text }
      return try #require((choices[choice]["message"] as? [String: Any])?["content"] as? String)
    }

    /// The message of a refusal.
    public func refusal() throws -> String {
      try #require((try json()["error"] as? [String: Any])?["message"] as? String)
    }

    /// The server-sent events of a stream, without its last word.
    public func events() throws -> [[String: Any]] {
      let lines = unchunked().components(separatedBy: "\n\n").filter { !$0.isEmpty }
      try #require(lines.last == "data: [DONE]")
      return try lines.dropLast().map { line in
        try #require(line.hasPrefix("data: "))
        return try #require(
          try JSONSerialization.jsonObject(with: Data(line.dropFirst(6).utf8)) as? [String: Any])
      }
    }

    /// The body without the sizes of its chunks.
    public func unchunked() -> String {
      var (rest, text) = (body[...], Data())
      while let end = rest.firstRange(of: Data("\r\n".utf8)),
        let count = Int(String(decoding: rest[..<end.lowerBound], as: UTF8.self), radix: 16), count > 0
      {
        text += rest[end.upperBound...].prefix(count)
        rest = rest[end.upperBound...].dropFirst(count + 2)
      }
      return String(decoding: text, as: UTF8.self)
    }
  }

  public let port: UInt16
  /// The name of the model that is asked.
  public var model = "thermostat"

  public init(port: UInt16, model: String = "thermostat") {
    self.port = port
    self.model = model
  }

  public func get(_ path: String, headers: String = "") async throws -> Response {
    try await request("GET", path, headers: headers)
  }

  public func request(_ method: String, _ path: String, headers: String = "") async throws -> Response {
    try await send("\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\(headers)\r\n")
  }

  public func post(_ path: String, _ body: String, headers: String = "") async throws -> Response {
    try await send(
      """
      POST \(path) HTTP/1.1\r
      Host: localhost\r
      Connection: close\r
      Content-Type: application/json\r
      Content-Length: \(body.utf8.count)\r
      \(headers)\r
      \(body)
      """)
  }

  public func chat(_ prompt: String, _ fields: [String: Any] = [:]) async throws -> Response {
    try await chat([["role": "user", "content": prompt]], fields)
  }

  public func chat(_ messages: [[String: Any]], _ fields: [String: Any] = [:]) async throws -> Response {
    try await post("/v1/chat/completions", fields: ["messages": messages], fields)
  }

  public func complete(_ prompt: Any, _ fields: [String: Any] = [:]) async throws -> Response {
    try await post("/v1/completions", fields: ["prompt": prompt], fields)
  }

  private func post(_ path: String, fields: [String: Any], _ more: [String: Any]) async throws -> Response {
    var body: [String: Any] = ["model": model]
    body.merge(fields) { $1 }
    body.merge(more) { $1 }
    let data = try JSONSerialization.data(withJSONObject: body, options: [.sortedKeys])
    return try await post(path, String(decoding: data, as: UTF8.self))
  }

  /// Sends bytes as they are and reads until the server closes the connection.
  public func send(_ request: String) async throws -> Response {
    let port = port
    let bytes = try await Self.blocking {
      let connection = try LoopbackConnection(port: port)
      connection.send(request)
      return connection.receiveAll()
    }
    return try Self.response(Data(bytes))
  }

  /// Runs what blocks on a thread of its own: those of the system's pools are few, and servers need them.
  public static func blocking<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
    }
  }

  public static func response(_ bytes: Data) throws -> Response {
    let blankLine = try #require(bytes.firstRange(of: Data("\r\n\r\n".utf8)), "the connection closed without a head")
    let head = String(decoding: bytes[..<blankLine.lowerBound], as: UTF8.self)
    let status = try #require(head.split(separator: " ").dropFirst().first.flatMap { Int($0) })
    return Response(status: status, head: head, body: Data(bytes[blankLine.upperBound...]))
  }
}
