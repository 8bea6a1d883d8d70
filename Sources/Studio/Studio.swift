import Basics
import Serving
import Workbench

/// A local page for one person: review, evaluation, runs, and a box to talk to students. It listens on loopback alone
/// and answers whoever holds its token. What keeps others out is specified in docs/guides/reviewing.md.
public struct Studio: Sendable {
  /// Where it listens; nothing else is offered.
  public static let host = "127.0.0.1"

  private let listener: HTTPListener
  private let token: String

  /// - Parameters:
  ///   - port: 0 lets the system choose.
  ///   - token: made anew by default.
  public init(_ workbench: Workbench, port: UInt16 = 0, token: String = Studio.newToken()) {
    self.token = token
    let router = StudioRouter(gate: StudioGate(token: token), calls: StudioCalls(workbench: workbench))
    var limits = ServerLimits()
    limits.connections = 64
    listener = HTTPListener(host: Self.host, port: port, limits: limits, respond: router.respond)
  }

  /// 128 random bits.
  public static func newToken() -> String {
    (0..<2).map { _ in
      let digits = String(UInt64.random(in: .min ... .max), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// The token stands behind the #, so that it is sent to nobody and written into no log.
  public func address(port: UInt16) -> String { "http://\(Self.host):\(port)/#\(token)" }

  /// Starts to listen, for tests; `run` for people.
  package func start() async throws -> UInt16 { try await listener.start() }

  package func stop() async { await listener.stop() }

  /// Serves until the task is cancelled.
  /// - Parameter onReady: told of the address, token included.
  public func run(onReady: (String) -> Void) async throws {
    try await listener.run { onReady(address(port: $0)) }
  }
}
