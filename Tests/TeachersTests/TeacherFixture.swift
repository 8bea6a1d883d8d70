import Basics
import Foundation
import HTTPTransport
import Lineage
import Synchronization
import Teachers
import TestSupport

/// An answer store in memory that remembers the order of events.
final class MemoryStore: AnswerStore {
  struct State {
    var requests: [ContentID: TeacherRequest] = [:]
    var answers: [ContentID: TeacherAnswer] = [:]
    var attempts: [TeacherAttempt] = []
    var refusals: [ContentID: TeacherRefusal] = [:]
    var leases: Set<ContentID> = []
    var batches: [TeacherBatch] = []
    /// By token, what of a batch is open.
    var batched: [String: [ContentID: BatchedRequest]] = [:]
  }

  fileprivate let state = Mutex(State())

  var contents: State { state.withLock { $0 } }
  var outcomes: [String] { contents.attempts.map(\.outcome) }

  func answer(for requestID: ContentID) async throws -> TeacherAnswer? {
    state.withLock { $0.answers[requestID] }
  }

  func standings(
    of requests: [(promptID: ContentID, requestID: ContentID)]
  ) async throws -> [RequestStanding] {
    state.withLock { state in
      let known = Set(state.requests.values.map(\.promptID))
      return requests.map { request in
        state.answers[request.requestID].map { .answered($0) } ?? state.refusals[request.requestID].map { .refused($0) }
          ?? .open(isPromptKnown: known.contains(request.promptID))
      }
    }
  }

  func lease(_ lease: AttemptLease, of request: TeacherRequest) async throws -> LeaseOutcome {
    state.withLock { state in
      state.requests[request.id] = request
      if let answer = state.answers[request.id] { return .answered(answer) }
      guard state.leases.insert(request.id).inserted else { return .underWay }
      return .granted
    }
  }

  func recordRefusal(_ refusal: TeacherRefusal) async throws {
    state.withLock { $0.refusals[refusal.requestID] = refusal }
  }

  func recordAttempt(_ attempt: TeacherAttempt) async throws {
    state.withLock { state in
      state.attempts.append(attempt)
      state.leases.remove(attempt.requestID)
    }
  }

  func recordAnswer(_ answer: TeacherAnswer, attempt: TeacherAttempt) async throws {
    state.withLock { state in
      state.attempts.append(attempt)
      state.leases.remove(attempt.requestID)
      if state.answers[answer.requestID] == nil { state.answers[answer.requestID] = answer }
      for other in answer.others {
        state.requests[other.request.id] = other.request
        state.answers[other.request.id] = other.answer
        if other.answer == nil { state.refusals[other.request.id] = other.refusal }
      }
    }
  }
}

extension MemoryStore {
  func open(_ batch: TeacherBatch, of requests: [BatchedRequest]) async throws -> [BatchedRequest] {
    state.withLock { state in
      let granted = requests.filter { item in
        state.requests[item.request.id] = item.request
        return state.answers[item.request.id] == nil && state.leases.insert(item.request.id).inserted
      }
      guard !granted.isEmpty else { return [] }
      state.batches.append(batch)
      state.batched[batch.token] = Dictionary(uniqueKeysWithValues: granted.map { ($0.request.id, $0) })
      return granted
    }
  }

  func note(_ batch: TeacherBatch) async throws {
    state.withLock { state in
      state.batches = state.batches.map { $0.token == batch.token ? batch : $0 }
    }
  }

  func openBatches(endpoint: String, model: String) async throws -> [TeacherBatch] {
    state.withLock { state in
      state.batches.filter { $0.endpoint == endpoint && $0.model == model && state.batched[$0.token] != nil }
    }
  }

  func batchServerIDs() async throws -> Set<String> {
    state.withLock { Set($0.batches.compactMap(\.serverID)) }
  }

  func openRequests(ofBatch token: String) async throws -> [BatchedRequest] {
    state.withLock { ($0.batched[token] ?? [:]).values.sorted { $0.request.id < $1.request.id } }
  }

  func collect(_ results: [BatchedResult], ofBatch token: String) async throws -> Set<ContentID> {
    state.withLock { state in
      var stored: Set<ContentID> = []
      for result in results {
        let id = result.attempt.requestID
        guard state.batched[token]?.removeValue(forKey: id) != nil else { continue }
        state.leases.remove(id)
        state.attempts.append(result.attempt)
        if let answer = result.answer, state.answers[id] == nil { state.answers[id] = answer }
        for other in result.answer?.others ?? [] {
          state.answers[other.request.id] = other.answer
          if other.answer == nil { state.refusals[other.request.id] = other.refusal }
        }
        stored.insert(id)
      }
      return stored
    }
  }

  func close(batch token: String, outcome: String) async throws {
    state.withLock { _ = $0.batched.removeValue(forKey: token) }
  }
}

/// A store that is given no batches.
protocol BatchlessStore: AnswerStore {}

extension BatchlessStore {
  func open(_ batch: TeacherBatch, of requests: [BatchedRequest]) async throws -> [BatchedRequest] { [] }
  func note(_ batch: TeacherBatch) async throws {}
  func openBatches(endpoint: String, model: String) async throws -> [TeacherBatch] { [] }
  func batchServerIDs() async throws -> Set<String> { [] }
  func openRequests(ofBatch token: String) async throws -> [BatchedRequest] { [] }
  func collect(_ results: [BatchedResult], ofBatch token: String) async throws -> Set<ContentID> { [] }
  func close(batch token: String, outcome: String) async throws {}
}

/// Prompts, teachers and replies that the tests share.
enum TeacherFixture {
  static let hasty = RetryPolicy(maximumAttemptCount: 3, firstDelaySeconds: 0.01, maximumDelaySeconds: 0.02)

  static func prompts(_ count: Int, maxTokens: Int = 10) throws -> [Prompt] {
    try (0..<count).map { index in
      try Prompt(
        index: index, messages: [Message(.system, "Be brief."), Message(.user, "prompt \(index)")],
        sampling: SamplingSettings(temperature: 0.5, topP: 0.9, maxTokens: maxTokens, seed: UInt64(index)))
    }
  }

  static func teacher(
    _ server: LoopbackServer, dialect: TeacherProfile.Dialect = .openAIChat, maxInFlight: Int = 4,
    requestsPerMinute: Int? = nil, key: String? = nil, timeouts: HTTPTimeouts = HTTPTimeouts(),
    identity: String? = "server under test", retryPolicy: RetryPolicy = hasty,
    fields: TeacherProfile.RequestFields = TeacherProfile.RequestFields(),
    keyHeader: TeacherProfile.KeyHeader? = nil
  ) throws -> Teacher {
    let profile = TeacherProfile(
      name: "test", dialect: dialect, endpoint: "http://profile.invalid/v1", model: "asked-model",
      price: TeacherProfile.Price(prompt: 1_000_000, completion: 2_000_000),
      pace: TeacherProfile.Pace(maxInFlight: maxInFlight, requestsPerMinute: requestsPerMinute),
      outputsLicense: "none", keyVariable: key.map { _ in "TEST_KEY" }, keyHeader: keyHeader, fields: fields)
    return try Teacher(
      profile: profile, client: HTTPClient(), environment: key.map { ["TEST_KEY": $0] } ?? [:],
      baseURL: server.url + "/v1", identity: identity, retryPolicy: retryPolicy, timeouts: timeouts)
  }

  /// Answers with the last message's text; three prompt tokens and two completion tokens.
  static func echo(_ request: LoopbackServer.Request, finishReason: String = "stop") -> LoopbackServer.Reply {
    let text = lastMessage(of: request)
    return .json(
      """
      {"id":"x","model":"answering-model","choices":[{"index":0,"message":{"role":"assistant","content":"to \(text)"},
      "finish_reason":"\(finishReason)"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}
      """)
  }

  static func lastMessage(of request: LoopbackServer.Request) -> String {
    let body = json(request.body)
    return ((body["messages"] as? [[String: Any]])?.last?["content"] as? String) ?? ""
  }

  static func json(_ bytes: [UInt8]) -> [String: Any] {
    (try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]) ?? [:]
  }

  /// The error that asking ends with.
  static func failure(
    _ teacher: Teacher, _ prompts: [Prompt], store: MemoryStore, spendMaximum: Double? = nil
  ) async throws -> HintedError? {
    do {
      _ = try await teacher.ask(prompts, store: store, options: Teacher.AskOptions(spendMaximum: spendMaximum))
      return nil
    } catch let error as HintedError {
      return error
    }
  }
}
