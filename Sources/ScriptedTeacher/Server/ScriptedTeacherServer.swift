import Basics
import FlyingFox
import FlyingSocks
import Foundation

/// A teacher of our own behind OpenAI's HTTP API, on 127.0.0.1 only.
///
/// A scripted one is the default teacher: it wants no key and no network, and yet the whole way to a teacher is walked
/// for real.
public actor ScriptedTeacherServer {
  private let requestedPort: UInt16
  private let router: Router
  private var running: (server: HTTPServer, task: Task<Void, any Error>)?

  /// - Parameters:
  ///   - model: the name that requests have to give; the grammar's when nil.
  ///   - port: 0 lets the system choose.
  public init(grammar: Grammar, model: String? = nil, port: UInt16 = 0, faults: Faults = Faults()) {
    self.init(ScriptedTeacher(grammar: grammar), model: model ?? grammar.name, port: port, faults: faults)
  }

  /// Any other teacher.
  public init(_ teacher: any Respondent, model: String, port: UInt16 = 0, faults: Faults = Faults()) {
    requestedPort = port
    router = Router(teacher: teacher, model: model, faults: faults, log: RequestLog())
  }

  /// What was asked and answered so far.
  public var statistics: ServerStatistics {
    get async { await router.log.statistics }
  }

  /// The bodies that were answered, in order, each by its `bodyID`.
  package var answeredBodies: [ContentID] {
    get async { await router.log.answeredBodies }
  }

  /// What names a request's body here; equal for bodies that differ in spaces and the order of keys only.
  package static func bodyID(of body: [UInt8]) throws -> ContentID { try Router.canonicalID(of: body) }

  /// Starts to listen.
  /// - Returns: the port.
  /// - Throws: `HintedError` when the port is taken, or this server already runs.
  @discardableResult
  public func start() async throws -> UInt16 {
    guard running == nil else { throw HintedError("the teacher already runs", status: .internalFault) }
    let address = try sockaddr_in.inet(ip4: "127.0.0.1", port: requestedPort)
    let server = HTTPServer(
      config: .init(address: address, logger: .disabled), handler: ClosureHTTPHandler(router.respond))
    let listening = Task { try await server.waitUntilListening(timeout: 10) }
    let task = Task {
      do { try await server.run() } catch {
        listening.cancel()
        throw error
      }
    }
    running = (server, task)
    do {
      try await listening.value
      guard case .ip4(_, let port) = await server.listeningAddress else { throw SocketError.unsupportedAddress }
      return port
    } catch {
      await stop()
      throw HintedError(
        "the teacher cannot listen on 127.0.0.1 port \(requestedPort)",
        hint: "another program may use it; port 0 takes a free one", status: .unavailable)
    }
  }

  /// Stops listening and closes every connection; does nothing when it does not run.
  public func stop() async {
    guard let (server, task) = running else { return }
    running = nil
    await server.stop(timeout: 1)
    task.cancel()
    // What ended the server is of no interest to whoever wanted it ended.
    _ = await task.result
  }
}
