import NIOCore
import NIOHTTP1
import Synchronization

/// Sends one response, and gives up on a client that does not read it.
final class ResponseSender: Sendable {
  private let channel: any Channel
  private let table: ConnectionTable
  private let limits: ServerLimits
  private let version: HTTPVersion
  /// Whether only the head is wanted.
  private let isHead: Bool
  private let keepsAlive: Bool
  private let hasBegun = Mutex(false)

  init(
    channel: any Channel, table: ConnectionTable, limits: ServerLimits, version: HTTPVersion, isHead: Bool,
    keepsAlive: Bool
  ) {
    self.channel = channel
    self.table = table
    self.limits = limits
    self.version = version
    self.isHead = isHead
    self.keepsAlive = keepsAlive
  }

  /// - Returns: whether the connection can be used again.
  func send(_ response: ServedResponse) async -> Bool {
    do {
      switch response.body {
      case .bytes(let bytes):
        try await begin(response, byteCount: bytes.count)
        if !isHead { try await write(bytes) }
      case .broken(let count):
        try await begin(response, byteCount: count)
        return false
      case .stream(let produce, let instead):
        return await stream(response, produce, instead)
      }
      try await write([.end(nil)])
      return keepsAlive
    } catch {
      return false
    }
  }

  private func stream(
    _ response: ServedResponse, _ produce: @Sendable (StreamWriter) async throws -> Void,
    _ instead: @Sendable (any Error) -> ServedResponse
  ) async -> Bool {
    do {
      try await produce(
        StreamWriter { bytes in
          if !self.hasBegun.withLock({ $0 }) { try await self.begin(response, byteCount: nil) }
          try await self.write(bytes)
        })
      // A stream of nothing has a head, too.
      if !hasBegun.withLock({ $0 }) { try await begin(response, byteCount: nil) }
      try await write([.end(nil)])
      return keepsAlive
    } catch {
      return hasBegun.withLock { $0 } ? false : await send(instead(error))
    }
  }

  private func begin(_ response: ServedResponse, byteCount: Int?) async throws {
    hasBegun.withLock { $0 = true }
    var head = HTTPResponseHead(version: version, status: HTTPResponseStatus(statusCode: response.status))
    for (name, value) in response.headers { head.headers.add(name: name, value: value) }
    if let byteCount, response.status != 204 {
      head.headers.replaceOrAdd(name: "Content-Length", value: "\(byteCount)")
    }
    if !keepsAlive { head.headers.replaceOrAdd(name: "Connection", value: "close") }
    try await write([.head(head)])
  }

  private func write(_ bytes: [UInt8]) async throws {
    for start in stride(from: 0, to: bytes.count, by: ServerLimits.writeBytes) {
      let piece = bytes[start..<min(start + ServerLimits.writeBytes, bytes.count)]
      try await write([.body(.byteBuffer(ByteBuffer(bytes: piece)))])
    }
  }

  /// Returns once the system has taken the bytes.
  private func write(_ parts: [HTTPServerResponsePart]) async throws {
    let channel = channel
    table.mark(channel, .client)
    let deadline = channel.eventLoop.scheduleTask(in: .seconds(limits.writeSeconds)) { channel.close(promise: nil) }
    defer {
      deadline.cancel()
      table.mark(channel, .server)
    }
    for part in parts { try await channel.writeAndFlush(part).get() }
  }
}
