import Basics
import FlyingFox
import Foundation

/// Sends each request of the HTTP server to what answers it.
struct Router: Sendable {
  /// A prompt is a page at most; a longer body is refused.
  static let bodyByteLimit = 1 << 20

  let teacher: any Respondent
  let model: String
  let faults: Faults
  let log: RequestLog

  /// Never throws: what goes wrong is a response too.
  @Sendable func respond(to request: HTTPRequest) async -> HTTPResponse {
    do {
      switch (request.method, request.path) {
      case (.GET, "/v1/models"): return try .json(ModelList(model: model))
      case (.GET, "/alambic/statistics"): return try .json(await log.statistics)
      case (.POST, CompletionRequest.Endpoint.chat.rawValue): return try await complete(request, at: .chat)
      case (.POST, CompletionRequest.Endpoint.text.rawValue): return try await complete(request, at: .text)
      default: throw APIError.unknownPath(request.path)
      }
    } catch let refusal as APIError {
      return .refusal(refusal, retryAfterSeconds: faults.retryAfterSeconds)
    } catch let refusal as QuestionRefusal {
      return .refusal(.malformed(refusal.message), retryAfterSeconds: faults.retryAfterSeconds)
    } catch {
      return .refusal(.broken, retryAfterSeconds: faults.retryAfterSeconds)
    }
  }

  private func complete(_ request: HTTPRequest, at endpoint: CompletionRequest.Endpoint) async throws -> HTTPResponse {
    let number = await log.countRequest()
    if faults.latencyMilliseconds > 0 { try await Task.sleep(for: .milliseconds(faults.latencyMilliseconds)) }
    switch faults.fault(ofRequest: number) {
    case .tooManyRequests: throw APIError.tooManyRequests
    case .internalError: throw APIError.broken
    case .droppedConnection: return .dropped
    case nil: break
    }
    let body = try await Self.body(of: request)
    let question = try CompletionRequest(body, for: endpoint)
    guard question.model == model else { throw APIError.unknownModel(question.model, served: model) }
    let bodyID = try Self.canonicalID(of: body)
    let answer = try await CompletionResponse(to: question, body: bodyID, at: endpoint, from: teacher)
    await log.countAnswer(to: bodyID)
    return try .json(answer)
  }

  /// Reads a body that may come in chunks, and stops at the limit.
  private static func body(of request: HTTPRequest) async throws -> [UInt8] {
    if let count = request.bodySequence.count, count > bodyByteLimit { throw APIError.tooLarge(limit: bodyByteLimit) }
    var body: [UInt8] = []
    for try await chunk in request.bodySequence {
      body += chunk
      guard body.count <= bodyByteLimit else { throw APIError.tooLarge(limit: bodyByteLimit) }
    }
    return body
  }

  /// Equal for bodies that differ in spaces and the order of keys only.
  static func canonicalID(of body: [UInt8]) throws -> ContentID {
    let value = try JSONSerialization.jsonObject(with: Data(body))
    return ContentID(of: try JSONSerialization.data(withJSONObject: value, options: [.sortedKeys]))
  }
}

/// The body of `GET /v1/models`.
private struct ModelList: Encodable {
  struct Model: Encodable {
    var id: String
    var object = "model"
    var created = 0
    var ownedBy = "alambic"

    enum CodingKeys: String, CodingKey {
      case id, object, created
      case ownedBy = "owned_by"
    }
  }

  var object = "list"
  var data: [Model]

  init(model: String) { data = [Model(id: model)] }
}
