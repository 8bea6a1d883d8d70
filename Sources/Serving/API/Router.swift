import Basics
import Foundation

/// Sends each request of the HTTP server to what answers it.
struct Router: Sendable {
  let respondent: any Respondent
  let model: String
  let faults: Faults
  let access: AccessRules
  let log: RequestLog

  /// Never throws: what goes wrong is a response too.
  @Sendable func respond(to request: ServedRequest) async -> ServedResponse {
    var response: ServedResponse
    do { response = try await answer(request) } catch { response = Self.response(to: error, faults) }
    response.headers += access.headers(for: request)
    return response
  }

  private func answer(_ request: ServedRequest) async throws -> ServedResponse {
    let route = try Route(request.path, model: model)
    if request.method == "OPTIONS" { return access.preflight(allowed: route.methods) }
    guard route.methods.contains(request.method) else {
      throw APIError.wrongMethod(request.method, request.path, allowed: route.methods)
    }
    if route != .health { try access.check(request) }
    switch route {
    case .health: return try .json(JSONValue.object(["status": .string("ok")]))
    case .models: return try .json(JSONValue.object(["object": .string("list"), "data": .array([modelObject])]))
    case .model: return try .json(modelObject)
    case .statistics: return try .json(await log.statistics)
    case .complete(let endpoint): return try await complete(request, at: endpoint)
    }
  }

  private var modelObject: JSONValue {
    .object([
      "id": .string(model), "object": .string("model"), "created": .count(0), "owned_by": .string("alambic"),
    ])
  }

  private func complete(
    _ request: ServedRequest, at endpoint: CompletionRequest.Endpoint
  ) async throws -> ServedResponse {
    let number = await log.countRequest()
    if faults.latencyMilliseconds > 0 { try await Task.sleep(for: .milliseconds(faults.latencyMilliseconds)) }
    switch faults.fault(ofRequest: number) {
    case .tooManyRequests: throw APIError.tooManyRequests
    case .internalError: throw APIError.broken
    case .droppedConnection: return ServedResponse(body: .broken(declaredByteCount: 1024))
    case nil: break
    }
    let completion = try CompletionRequest(request.body, for: endpoint, hasLogprobs: respondent.hasLogprobs)
    guard completion.model == model else { throw APIError.unknownModel(completion.model, served: model) }
    let bodyID = try Self.canonicalID(of: request.body)
    let job = CompletionJob(completion, body: bodyID, respondent: respondent)
    if completion.isStreamed { return stream(job, bodyID) }
    let answer = try await job.whole()
    await log.countAnswer(to: bodyID)
    return try .json(answer)
  }

  private func stream(_ job: CompletionJob, _ bodyID: ContentID) -> ServedResponse {
    let (log, faults) = (log, faults)
    return ServedResponse(
      headers: [("Content-Type", "text/event-stream"), ("Cache-Control", "no-cache")],
      body: .stream { writer in
        try await job.stream(to: writer)
        await log.countAnswer(to: bodyID)
      } instead: {
        Self.response(to: $0, faults)
      })
  }

  /// Equal for bodies that differ in spaces and the order of keys only.
  static func canonicalID(of body: [UInt8]) throws -> ContentID {
    do {
      return ContentID(of: try CanonicalJSON.encode(try LenientJSON(body).value))
    } catch let failure as LenientJSON.Failure {
      throw APIError.malformed("the body is not valid JSON: \(failure.detail)")
    }
  }

  // MARK: - What goes wrong

  static func refusal(of error: any Error) -> APIError {
    switch error {
    case let error as APIError: error
    case let error as QuestionRefusal: .malformed(error.message, parameter: error.parameter)
    default: .broken
    }
  }

  private static func response(to error: any Error, _ faults: Faults) -> ServedResponse {
    let refusal = refusal(of: error)
    var headers = [(name: "Content-Type", value: "application/json")]
    switch refusal.status {
    case 401: headers.append(("WWW-Authenticate", "Bearer"))
    case 429: headers.append(("Retry-After", String(faults.retryAfterSeconds)))
    default: break
    }
    return ServedResponse(status: refusal.status, headers: headers, body: .bytes(refusal.json))
  }
}

/// What there is, and how it is asked.
private enum Route: Equatable {
  case health, models, model, statistics
  case complete(CompletionRequest.Endpoint)

  /// - Throws: `APIError` for a path where nothing is, or a model that is not here.
  init(_ path: String, model: String) throws {
    switch path {
    case "/health", "/v1/health": self = .health
    case "/v1/models": self = .models
    case "/alambic/statistics": self = .statistics
    case let path where path.hasPrefix("/v1/models/"):
      let name = path.dropFirst("/v1/models/".count).removingPercentEncoding ?? ""
      guard name == model else { throw APIError.unknownModel(name, served: model) }
      self = .model
    default:
      guard let endpoint = CompletionRequest.Endpoint(rawValue: path) else { throw APIError.unknownPath(path) }
      self = .complete(endpoint)
    }
  }

  var methods: [String] {
    if case .complete = self { ["POST", "OPTIONS"] } else { ["GET", "HEAD", "OPTIONS"] }
  }
}

extension ServedResponse {
  static func json(_ value: some Encodable) throws -> ServedResponse {
    ServedResponse(headers: [("Content-Type", "application/json")], body: .bytes(try CanonicalJSON.encode(value)))
  }
}
