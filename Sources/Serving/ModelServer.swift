import Basics

/// Where and to whom a model is served.
public struct ServerSettings: Sendable {
  /// Loopback unless told otherwise.
  public var host = "127.0.0.1"
  /// 0 lets the system choose.
  public var port: UInt16 = 0
  /// Requests have to bring it; nil for none.
  public var key: String?
  /// Pages of this origin may ask, or of any with `*`. Pages served from this machine always may.
  public var allowedOrigin: String?
  public var limits = ServerLimits()
  public var faults = Faults()

  public init(host: String = "127.0.0.1", port: UInt16 = 0, faults: Faults = Faults()) {
    self.host = host
    self.port = port
    self.faults = faults
  }

  /// Whether only this machine can ask.
  public var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }
}

/// A model that Alambic runs, behind OpenAI's HTTP API: a scripted teacher, a student, or whatever answers.
public actor ModelServer {
  private let listener: HTTPListener
  private let log = RequestLog()

  /// - Parameter model: the name that requests have to give.
  public init(_ respondent: any Respondent, model: String, settings: ServerSettings = ServerSettings()) {
    let router = Router(
      respondent: respondent, model: model, faults: settings.faults,
      access: AccessRules(key: settings.key, allowedOrigin: settings.allowedOrigin), log: log)
    listener = HTTPListener(
      host: settings.host, port: settings.port, limits: settings.limits, respond: router.respond)
  }

  /// What was asked and answered so far.
  public var statistics: ServerStatistics {
    get async { await log.statistics }
  }

  /// The bodies that were answered, in order, each by its `bodyID`.
  package var answeredBodies: [ContentID] {
    get async { await log.answeredBodies }
  }

  /// What names a request's body here; equal for bodies that differ in spaces and the order of keys only.
  package static func bodyID(of body: [UInt8]) throws -> ContentID { try Router.canonicalID(of: body) }

  /// Starts to listen.
  /// - Returns: the port.
  /// - Throws: `HintedError` when the port is taken, or this server already runs.
  @discardableResult
  public func start() async throws -> UInt16 { try await listener.start() }

  /// Listens until the task is cancelled.
  /// - Parameter onReady: told of the port.
  /// - Throws: `HintedError` when it cannot listen, or no longer does.
  public nonisolated func run(onReady: (UInt16) -> Void) async throws {
    try await listener.run(onReady: onReady)
  }

  /// Closes the socket and nothing else, as a system might; for tests.
  package func loseSocket() async { await listener.loseSocket() }

  /// Stops listening and closes every connection; does nothing when it does not run.
  public func stop() async { await listener.stop() }
}
