import Basics
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Listens on one address and answers HTTP/1.1 there, within limits.
///
/// Everything runs on one thread of its own but the answers, which are tasks like any other.
public actor HTTPListener {
  private let host: String
  private let requestedPort: UInt16
  private let limits: ServerLimits
  private let respond: @Sendable (ServedRequest) async -> ServedResponse
  private var running: Running?

  private struct Running {
    var group: MultiThreadedEventLoopGroup
    var channel: any Channel
    var table: ConnectionTable
  }

  /// - Parameters:
  ///   - port: 0 lets the system choose.
  ///   - respond: never throws: what goes wrong is a response too.
  public init(
    host: String, port: UInt16, limits: ServerLimits,
    respond: @escaping @Sendable (ServedRequest) async -> ServedResponse
  ) {
    self.host = host
    requestedPort = port
    self.limits = limits
    self.respond = respond
  }

  /// Starts to listen.
  /// - Returns: the port.
  /// - Throws: `HintedError` when the address is taken or unknown, or this one already listens.
  public func start() async throws -> UInt16 {
    guard running == nil else { throw HintedError("the server already runs", status: .internalFault) }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let table = ConnectionTable(limit: limits.connections)
    do {
      let channel = try await bootstrap(group, table).bind(host: host, port: Int(requestedPort)).get()
      running = Running(group: group, channel: channel, table: table)
      return UInt16(channel.localAddress?.port ?? 0)
    } catch {
      try? await group.shutdownGracefully()
      throw HintedError(
        "the server cannot listen on \(host) port \(requestedPort): \(Self.reason(error))",
        hint: "another program may use it; port 0 takes a free one", status: .unavailable)
    }
  }

  private static func reason(_ error: any Error) -> String {
    (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
  }

  /// Listens until the task is cancelled.
  /// - Parameter onReady: told of the port.
  /// - Throws: `HintedError` when it cannot listen, or no longer does.
  public nonisolated func run(onReady: (UInt16) -> Void) async throws {
    onReady(try await start())
    do {
      try await withTaskCancellationHandler {
        try await waitUntilStopped()
      } onCancel: {
        Task { await stop() }
      }
    } catch {
      await stop()
      throw error
    }
    await stop()
  }

  /// Waits for the end of it.
  /// - Throws: `HintedError` when the listener was closed by anyone but `stop`.
  func waitUntilStopped() async throws {
    guard let channel = running?.channel else { return }
    try? await channel.closeFuture.get()
    if running?.channel === channel {
      throw HintedError(
        "the server has stopped listening on \(host)", hint: "the system closed its socket; start it again",
        status: .unavailable)
    }
  }

  /// Stops listening and closes every connection; does nothing when it does not run.
  public func stop() async {
    guard let (group, channel, table) = running.map({ ($0.group, $0.channel, $0.table) }) else { return }
    running = nil
    try? await channel.close().get()
    table.closeAll()
    try? await group.shutdownGracefully()
  }

  /// What a system does that takes the socket away.
  func loseSocket() { running?.channel.close(promise: nil) }

  private func bootstrap(_ group: MultiThreadedEventLoopGroup, _ table: ConnectionTable) -> ServerBootstrap {
    let (limits, respond) = (limits, respond)
    return ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      // One at a time, so that a limit is kept to the connection.
      .serverChannelOption(.maxMessagesPerRead, value: 1)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandlers([
            AcceptBackoffHandler(shouldForwardIOErrorCaught: true) { _ in .milliseconds(20) },
            AcceptWatch(table: table),
          ])
        }
      }
      .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
      .childChannelOption(.maxMessagesPerRead, value: 1)
      .childChannelInitializer { channel in
        guard table.admit(channel) else { return channel.close() }
        return channel.eventLoop.makeCompletedFuture {
          try Self.configure(channel, limits, table, respond)
        }
      }
  }

  private static func configure(
    _ channel: any Channel, _ limits: ServerLimits, _ table: ConnectionTable,
    _ respond: @escaping @Sendable (ServedRequest) async -> ServedResponse
  ) throws {
    var parsing = NIOHTTPDecoderLimitConfiguration()
    parsing.maxHeaderFieldSize = limits.headBytes
    parsing.maxHeaderListSize = limits.headBytes
    parsing.maxHeaderFieldCount = limits.headerCount
    let requestGuard = RequestGuard(limits: limits)
    try channel.pipeline.syncOperations.addHandlers([
      requestGuard,
      HTTPResponseEncoder(),
      ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: parsing)),
      HTTPServerPipelineHandler(),
      ConnectionHandler(limits: limits, table: table, requestGuard: requestGuard, respond: respond),
    ])
  }
}

/// Frees descriptors when there is none for a new connection. The listener itself stays open.
private final class AcceptWatch: ChannelInboundHandler {
  typealias InboundIn = any Channel
  private let table: ConnectionTable

  init(table: ConnectionTable) { self.table = table }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if let error = error as? IOError, [EMFILE, ENFILE].contains(error.errnoCode) { table.closeSlowest(8) }
  }
}
