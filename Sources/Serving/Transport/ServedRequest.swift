/// A request that has arrived whole.
public struct ServedRequest: Sendable {
  public var method: String
  /// Without the query.
  public var path: String
  public var body: [UInt8]
  private var headers: [(name: String, value: String)]

  public init(method: String, target: String, headers: [(name: String, value: String)], body: [UInt8]) {
    self.method = method
    path = String(target.prefix { $0 != "?" })
    self.headers = headers
    self.body = body
  }

  /// The first value of a header, whatever the case of its name.
  public func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}

/// What is sent back.
public struct ServedResponse: Sendable {
  public enum Body: Sendable {
    case bytes([UInt8])
    /// Bytes as they come. An error before the first of them becomes the response that `instead` makes of it; later
    /// ones end the connection.
    case stream(@Sendable (StreamWriter) async throws -> Void, instead: @Sendable (any Error) -> ServedResponse)
    /// Promises so many bytes and closes the connection before the first: a fault on purpose.
    case broken(declaredByteCount: Int)
  }

  public var status: Int
  public var headers: [(name: String, value: String)]
  public var body: Body

  public init(status: Int = 200, headers: [(name: String, value: String)] = [], body: Body) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

/// Sends a response piece by piece.
public struct StreamWriter: Sendable {
  let send: @Sendable ([UInt8]) async throws -> Void

  /// Returns once the bytes are on their way, so that a slow reader slows the writer.
  /// - Throws: when the client has gone, or reads nothing for too long.
  public func write(_ bytes: [UInt8]) async throws { try await send(bytes) }
}
