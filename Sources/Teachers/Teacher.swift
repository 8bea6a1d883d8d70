import Basics
import Foundation
import HTTPTransport
import Lineage
import Logging

/// Asks a teacher model over HTTP: the second stage.
///
/// A request is recorded before it is sent, and an answer is stored before it is used; so the same call after a kill
/// asks only for what is missing. Answers that were cut by a limit or a filter are answers: they are kept, never asked
/// again.
public struct Teacher: Sendable {
  public let profile: TeacherProfile
  let client: HTTPClient
  let retryPolicy: RetryPolicy
  let timeouts: HTTPTimeouts
  let dialect: any TeacherDialect
  let key: SecretText?
  let logger: Logger
  /// Where requests go.
  private let baseURL: String
  /// What stands for the server in a request's identity.
  private let identity: String

  /// - Parameters:
  ///   - environment: where the profile's key variable is looked up.
  ///   - baseURL: overrides the profile's endpoint; scripted teachers need it, since their port changes.
  ///   - identity: what stands for the server in a request's identity; the profile's endpoint when nil. For a scripted
  ///     teacher: its grammar's content id.
  /// - Throws: `HintedError` when the key or the address is missing.
  public init(
    profile: TeacherProfile, client: HTTPClient, environment: [String: String] = ProcessInfo.processInfo.environment,
    baseURL: String? = nil, identity: String? = nil, retryPolicy: RetryPolicy = .standard,
    timeouts: HTTPTimeouts = HTTPTimeouts(), logger: Logger = Logger(label: "alambic.teachers")
  ) throws {
    guard let address = baseURL ?? profile.endpoint else {
      throw HintedError(
        "the teacher '\(profile.name)' has no address", hint: "a scripted teacher is started before it is asked",
        status: .internalFault)
    }
    self.profile = profile
    self.client = client
    self.retryPolicy = retryPolicy
    self.timeouts = timeouts
    self.logger = logger
    self.baseURL = address
    self.identity = identity ?? profile.endpoint ?? address
    dialect = profile.dialect.speaker
    key = try SecretText.key(of: profile, environment: environment)
  }

  /// The prompt in this teacher's dialect.
  public func request(for prompt: Prompt) throws -> TeacherRequest {
    try TeacherRequest(
      promptID: prompt.id, endpoint: identity + dialect.path, model: profile.model,
      payload: dialect.payload(for: prompt, model: profile.model))
  }

  /// What asking `prompts` would take, given what `store` holds.
  public func estimate(_ prompts: [Prompt], store: any AnswerStore) async throws -> AskEstimate {
    var estimate = AskEstimate(
      requestCount: 0, reusedCount: 0, promptTokenCount: 0, maximumCompletionTokenCount: 0, maximumCost: 0)
    for prompt in prompts {
      if try await store.answer(for: request(for: prompt).id) != nil {
        estimate.reusedCount += 1
        continue
      }
      estimate.requestCount += 1
      estimate.promptTokenCount += prompt.messages.reduce(0) { $0 + ($1.content.utf8.count + 3) / 4 }
      estimate.maximumCompletionTokenCount += prompt.sampling.maxTokens
    }
    estimate.maximumCost = profile.price.cost(
      of: TokenUsage(
        promptTokenCount: estimate.promptTokenCount, completionTokenCount: estimate.maximumCompletionTokenCount))
    return estimate
  }

  func httpRequest(_ request: TeacherRequest) -> HTTPRequest {
    var headers = dialect.headers(key: key)
    headers.append("Content-Type", "application/json")
    headers.append("Accept", "application/json")
    return HTTPRequest(
      .post, url: baseURL + dialect.path, headers: headers, body: Array(request.payload.utf8), timeouts: timeouts)
  }
}
