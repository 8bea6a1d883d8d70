import Basics
import Foundation
import HTTPTransport
import Lineage
import Logging

/// Asks a teacher model over HTTP: the second stage.
///
/// A request is recorded before it is sent, and an answer is stored before it is used; so the same call after a kill
/// asks only for what is missing. Answers that were cut by a limit or a filter, and empty ones, are answers: they were
/// paid for, are kept, and are never asked again. A prompt that the server refuses is left out; the others go on.
public struct Teacher: Sendable {
  public let profile: TeacherProfile
  let client: HTTPClient
  let retryPolicy: RetryPolicy
  let timeouts: HTTPTimeouts
  let builder: RequestBuilder
  let key: SecretText?
  let logger: Logger
  /// Where requests go.
  private let baseURL: String
  /// What stands for the server in a request's identity.
  private let identity: String
  /// What stood for it in requests of earlier versions: the address of `--endpoint`.
  private let formerIdentity: String?

  var dialect: any TeacherDialect { builder.dialect }

  /// - Parameters:
  ///   - environment: where the profile's key variable is looked up.
  ///   - baseURL: overrides the profile's endpoint; scripted teachers need it, since their port changes.
  ///   - identity: what stands for the server in a request's identity; the profile's endpoint when nil. For a scripted
  ///     teacher: its grammar's content id.
  ///   - timeouts: the profile's own, and a chat's usual ones where it has none, when nil.
  /// - Throws: `HintedError` when the key or the address is missing.
  public init(
    profile: TeacherProfile, client: HTTPClient, environment: [String: String] = ProcessInfo.processInfo.environment,
    baseURL: String? = nil, identity: String? = nil, retryPolicy: RetryPolicy = .standard,
    timeouts: HTTPTimeouts? = nil, logger: Logger = Logger(label: "alambic.teachers")
  ) throws {
    guard let address = baseURL ?? profile.endpoint else {
      throw HintedError(
        "the teacher '\(profile.name)' has no address", hint: "a scripted teacher is started before it is asked",
        status: .internalFault)
    }
    self.profile = profile
    self.client = client
    self.retryPolicy = retryPolicy
    self.timeouts = timeouts ?? HTTPTimeouts(profile.timeouts)
    self.logger = logger
    self.baseURL = address
    let identity = identity ?? profile.endpoint ?? address
    self.identity = identity
    formerIdentity = profile.dialect.isServedHere || identity == address ? nil : address
    builder = try RequestBuilder(profile)
    key = try SecretText.key(of: profile, environment: environment)
  }

  /// The prompt in this teacher's dialect.
  public func request(for prompt: Prompt) throws -> TeacherRequest {
    try request(for: prompt, identity: identity + builder.identity, payload: builder.payload(for: prompt))
  }

  private func request(for prompt: Prompt, identity: String, payload: String) throws -> TeacherRequest {
    try TeacherRequest(promptID: prompt.id, endpoint: identity, model: profile.model, payload: payload)
  }

  /// The answer that any run paid for, also one of an earlier version, whose requests had defaults in them and named
  /// another address; nil when there is none.
  public func storedAnswer(to prompt: Prompt, in store: any AnswerStore) async throws -> TeacherAnswer? {
    let request = try request(for: prompt)
    if let answer = try await store.answer(for: request.id) { return answer }
    let payloads = [request.payload] + [try builder.formerPayload(for: prompt)].compactMap(\.self)
    for place in [identity] + [formerIdentity].compactMap(\.self) {
      for payload in payloads {
        let former = try self.request(for: prompt, identity: place + builder.identity, payload: payload)
        guard former.id != request.id else { continue }
        if let answer = try await store.answer(for: former.id) { return answer }
      }
    }
    return nil
  }

  /// What asking `prompts` would take, given what `store` holds.
  public func estimate(_ prompts: [Prompt], store: any AnswerStore) async throws -> AskEstimate {
    var estimate = AskEstimate(
      requestCount: 0, reusedCount: 0, refusedCount: 0, promptTokenCount: 0, maximumCompletionTokenCount: 0,
      maximumCost: 0)
    for prompt in prompts {
      if try await storedAnswer(to: prompt, in: store) != nil {
        estimate.reusedCount += 1
        continue
      }
      guard try await store.refusal(of: request(for: prompt).id) == nil else {
        estimate.refusedCount += 1
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
    HTTPRequest(
      .post, url: baseURL + builder.pathAndQuery, headers: builder.headers(key: key), body: Array(request.payload.utf8),
      timeouts: timeouts)
  }
}

extension HTTPTimeouts {
  fileprivate init(_ profile: TeacherProfile.Timeouts) {
    let usual = HTTPTimeouts()
    self.init(
      connect: profile.connect ?? usual.connect, total: profile.total ?? usual.total,
      silence: profile.silence ?? usual.silence)
  }
}
