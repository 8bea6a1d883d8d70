import Basics
import Serving

/// Sends each request to a file of the page, or to a call.
struct StudioRouter: Sendable {
  let gate: StudioGate
  let calls: StudioCalls

  /// Never throws: what goes wrong is a response too.
  @Sendable func respond(to request: ServedRequest) async -> ServedResponse {
    do {
      try gate.checkHost(request)
      guard request.path.hasPrefix(Self.callPrefix) else { return try file(request) }
      try gate.checkCall(request)
      let name = String(request.path.dropFirst(Self.callPrefix.count))
      return Self.response(200, "application/json", try await calls.answer(name, request.body))
    } catch let refusal as StudioRefusal {
      return Self.refused(refusal)
    } catch let error as HintedError {
      let status = error.status == .usage ? 400 : error.status == .internalFault ? 500 : 422
      return Self.refused(StudioRefusal(status, error.message, hint: error.hint))
    } catch {
      return Self.refused(StudioRefusal(500, "the studio had an error: \(error)"))
    }
  }

  private static let callPrefix = "/call/"

  private func file(_ request: ServedRequest) throws -> ServedResponse {
    guard let file = StudioPage.file(at: request.path) else {
      throw StudioRefusal(404, "there is nothing at this address")
    }
    guard ["GET", "HEAD"].contains(request.method) else { throw StudioRefusal(405, "this is a file: GET it") }
    return Self.response(200, file.type, file.bytes)
  }

  private struct Problem: Encodable {
    var message: String
    var hint: String?
  }

  private static func refused(_ refusal: StudioRefusal) -> ServedResponse {
    let problem = ["error": Problem(message: refusal.message, hint: refusal.hint)]
    return response(refusal.status, "application/json", (try? CanonicalJSON.encode(problem)) ?? [])
  }

  private static func response(_ status: Int, _ type: String, _ bytes: [UInt8]) -> ServedResponse {
    ServedResponse(status: status, headers: [("Content-Type", type)] + StudioPage.headers, body: .bytes(bytes))
  }
}
