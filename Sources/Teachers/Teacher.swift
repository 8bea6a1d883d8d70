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
  let baseURL: String
  /// What stands for the server in a request's identity.
  private let identity: String
  /// What stood for it in requests of earlier versions: the address of `--endpoint`.
  private let formerIdentity: String?

  var dialect: any TeacherDialect { builder.dialect }

  /// Whom requests name.
  var requestEndpoint: String { identity + builder.identity }

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
  /// - Parameter origin: the prompt that the answer is for, where this one sends an answer to it back.
  public func request(for prompt: Prompt, of origin: Prompt? = nil) throws -> TeacherRequest {
    var request = try request(for: prompt, identity: requestEndpoint, payload: builder.payload(for: prompt))
    if let origin { request.promptID = origin.id }
    return request
  }

  /// Answers that come together have one request that is sent, and one name each.
  private func request(for prompt: Prompt, identity: String, payload: String) throws -> TeacherRequest {
    let choice = prompt.sampling.choice.map { " answer \($0 + 1)" } ?? ""
    return try TeacherRequest(promptID: prompt.id, endpoint: identity + choice, model: profile.model, payload: payload)
  }

  /// What a store knows of prompts, in their order. An answer of an earlier version counts, whose requests had defaults
  /// in them and named another address.
  func standings(of prompts: [Prompt], in store: any AnswerStore) async throws -> [KnownPrompt] {
    let requests = try prompts.map { try request(for: $0) }
    let standings = try await store.standings(of: zip(prompts, requests).map { ($0.id, $1.id) })
    var known: [KnownPrompt] = []
    for ((prompt, request), standing) in zip(zip(prompts, requests), standings) {
      var found = KnownPrompt(prompt: prompt, asked: prompt, request: request, standing: standing)
      if case .open(isPromptKnown: true) = standing, let answer = try await formerAnswer(to: found, in: store) {
        found.standing = .answered(answer)
      }
      if case .open = standing, prompt.sampling.choice != nil { found.standing = try await lead(of: found, in: store) }
      known.append(try await lastTurn(of: found, in: store))
    }
    return known
  }

  /// What is refused is refused for all answers that would have come together.
  private func lead(of known: KnownPrompt, in store: any AnswerStore) async throws -> RequestStanding {
    let lead = try known.prompt.with(choice: nil)
    let standing = try await store.standings(of: [(lead.id, try request(for: lead).id)]).first
    if case .refused = standing { return standing ?? known.standing }
    return known.standing
  }

  private func formerAnswer(to known: KnownPrompt, in store: any AnswerStore) async throws -> TeacherAnswer? {
    let payloads = [known.request.payload] + [try builder.formerPayload(for: known.prompt)].compactMap(\.self)
    for place in [identity] + [formerIdentity].compactMap(\.self) {
      for payload in payloads {
        let former = try request(for: known.prompt, identity: place + builder.identity, payload: payload)
        guard former.id != known.request.id else { continue }
        if let answer = try await store.answer(for: former.id) { return answer }
      }
    }
    return nil
  }

  /// The stored answers as samples, in the prompts' order; prompts that were refused for good have none.
  /// - Parameter skipsOpen: passes over prompts that were never answered.
  /// - Throws: `HintedError` for a prompt that was never answered, unless those are passed over.
  public func forEachSample(
    of prompts: PromptStream, in store: any AnswerStore, keepsPrompt: Bool = false, skipsOpen: Bool = false,
    _ body: (Sample) throws -> Void
  ) async throws {
    try await prompts.forEachPortion { some in
      for known in try await standings(of: some, in: store) {
        switch known.standing {
        case .answered(let answer): try body(Sample(answer, to: known.prompt, keepsPrompt: keepsPrompt))
        case .refused: continue
        case .open:
          if skipsOpen { continue }
          throw HintedError(
            "the ledger has no answer to prompt \(known.prompt.index)", hint: "run `alambic ask` again")
        }
      }
    }
  }

  /// What asking `prompts` would take, given what `store` holds.
  /// - Parameter batches: whether they are asked at the price of batches.
  public func estimate(
    _ prompts: PromptStream, store: any AnswerStore, batches: Bool = false
  ) async throws -> AskEstimate {
    var estimate = AskEstimate(
      requestCount: 0, reusedCount: 0, refusedCount: 0, promptTokenCount: 0, maximumCompletionTokenCount: 0,
      maximumCost: 0)
    try await prompts.forEachPortion { some in
      for known in try await standings(of: some, in: store) { estimate.count(known) }
    }
    estimate.maximumCost = profile.price.cost(
      of: TokenUsage(
        promptTokenCount: estimate.promptTokenCount, completionTokenCount: estimate.maximumCompletionTokenCount))
    if batches { estimate.maximumCost *= profile.price.batchShare }
    for batch in try await store.openBatches(endpoint: requestEndpoint, model: profile.model) {
      estimate.batchedCount += try await store.openRequests(ofBatch: batch.token).count
    }
    return estimate
  }

  /// The list of models, which costs nothing.
  var modelsRequest: HTTPRequest {
    let path = profile.dialect == .ollama ? "/api/tags" : "/models"
    return HTTPRequest(
      .get, url: baseURL + path + builder.query, headers: builder.headers(key: key), timeouts: timeouts)
  }

  func httpRequest(_ request: TeacherRequest) -> HTTPRequest {
    HTTPRequest(
      .post, url: baseURL + builder.pathAndQuery, headers: builder.headers(key: key), body: Array(request.payload.utf8),
      timeouts: timeouts)
  }
}

extension AskEstimate {
  fileprivate mutating func count(_ known: KnownPrompt) {
    switch known.standing {
    case .answered: reusedCount += 1
    case .refused: refusedCount += 1
    case .open:
      requestCount += 1
      let messages = known.asked.sampling.choice == nil ? known.asked.messages : []
      promptTokenCount += messages.reduce(0) { $0 + ($1.content.utf8.count + 3) / 4 }
      maximumCompletionTokenCount += known.asked.sampling.maxTokens
    }
  }
}

extension HTTPTimeouts {
  /// Seconds after which an attempt has ended for certain.
  var leaseSeconds: Double { connect + (total ?? Self.longestSeconds) + Self.leaseMargin }

  /// Where a profile sets no limit for the whole.
  private static let longestSeconds = 3600.0
  private static let leaseMargin = 60.0

  fileprivate init(_ profile: TeacherProfile.Timeouts) {
    let usual = HTTPTimeouts()
    self.init(
      connect: profile.connect ?? usual.connect, total: profile.total ?? usual.total,
      silence: profile.silence ?? usual.silence)
  }
}
