import Basics
import Foundation
import HTTPTransport
import Lineage

/// One request, as often as the policy allows.
extension Teacher {
  /// Sends a recorded request until it is answered, and stores the answer. What a response cost is booked as it comes.
  /// - Returns: also where the request need not be sent, or another process is at it.
  /// - Throws: `TeacherFailure` of the last attempt, already stored; `HintedError` of the store or of the budget.
  func answer(
    to request: TeacherRequest, prompt: Prompt, worker: AskWorker,
    onRetry: @Sendable (_ attempt: Int, _ delaySeconds: Double, TeacherFailure) async -> Void
  ) async throws -> AskWorker.Reply {
    // The jitter's seed is the request's own, so that requests spread however many run.
    var jitter = SeededGenerator(seed: request.id.firstBits)
    // The session has set the first attempt's cost aside.
    var isReserved = true
    var (number, counted) = (1, 1)
    let worstCost = worstCost(of: prompt)
    while true {
      if !isReserved, !worker.budget.reserve(worstCost) { throw worker.budget.exhausted }
      isReserved = false
      switch try await turn(request, prompt, number: number, worstCost, worker) {
      case .needless(let reply): return reply
      case .sent(.success(let answer), let record):
        worker.budget.settle(reserved: worstCost, spent: answer.totalCost)
        await worker.pacer.succeed(
          tokenCount: answer.usage.promptTokenCount + answer.usage.completionTokenCount)
        try await shielded { try await worker.store.recordAnswer(answer, attempt: record) }
        return .new(answer)
      case .sent(.failure(let failure), var record):
        record.possibleCost = failure.mayBeBilled ? worstCost : 0
        worker.budget.settle(reserved: worstCost, spent: failure.cost, possible: record.possibleCost)
        try await shielded { [record] in try await worker.store.recordAttempt(record) }
        guard let delay = await delay(after: failure, number: counted, pacer: worker.pacer, &jitter) else {
          throw failure
        }
        await onRetry(number, delay, failure)
        guard try await worker.stop.sleep(seconds: delay) else { throw failure }
        if case .wait = failure.consequence { counted -= 1 }
      }
      number += 1
      counted += 1
    }
  }

  /// What came of a request's turn.
  private enum Turn {
    /// It need not be sent, or another process is at it.
    case needless(AskWorker.Reply)
    case sent(Result<TeacherAnswer, TeacherFailure>, TeacherAttempt)
  }

  /// Waits until the request may be sent, notes that, and sends it once. What was set aside for it is given back where
  /// it is not sent.
  private func turn(
    _ request: TeacherRequest, _ prompt: Prompt, number: Int, _ worstCost: Double, _ worker: AskWorker
  ) async throws -> Turn {
    do {
      try await worker.pacer.waitForTurn(tokenCount: tokenCount(of: prompt), unless: worker.stop)
    } catch {
      worker.budget.settle(reserved: worstCost, spent: 0)
      throw error
    }
    let leased: Result<LeaseOutcome, any Error>
    do {
      leased = .success(try await lease(request, number: number, worstCost, worker))
    } catch {
      leased = .failure(error)
    }
    if case .success(.granted) = leased {
      let (result, record) = await attempt(request, number: number, others: try otherRequests(of: prompt))
      await worker.pacer.end()
      return .sent(result, record)
    }
    await worker.pacer.end()
    worker.budget.settle(reserved: worstCost, spent: 0)
    if case .answered(let answer) = try leased.get() { return .needless(.stored(answer)) }
    return .needless(.underWay)
  }

  /// Notes that a request is about to be sent.
  private func lease(
    _ request: TeacherRequest, number: Int, _ worstCost: Double, _ worker: AskWorker
  ) async throws -> LeaseOutcome {
    let now = Date()
    let lease = AttemptLease(
      requestID: request.id, number: number, startedAt: now,
      expiresAt: now.addingTimeInterval(timeouts.leaseSeconds), possibleCost: worstCost)
    return try await shielded { try await worker.store.lease(lease, of: request) }
  }

  private func tokenCount(of prompt: Prompt) -> Int {
    prompt.messages.reduce(prompt.sampling.maxTokens * (prompt.sampling.n ?? 1)) {
      $0 + ($1.content.utf8.count + 3) / 4
    }
  }

  /// Seconds until the next attempt; nil where there is none.
  private func delay(
    after failure: TeacherFailure, number: Int, pacer: Pacer, _ jitter: inout SeededGenerator
  ) async -> Double? {
    switch failure.consequence {
    case .retry(let serverDelay):
      let delay = retryPolicy.delay(afterAttempt: number, serverDelay: serverDelay, using: &jitter)
      if let delay {
        await pacer.fault(delay: delay)
        if serverDelay != nil { await pacer.pause(seconds: delay) }
      }
      return delay
    case .wait(let serverDelay):
      if let serverDelay, serverDelay > retryPolicy.maximumServerDelaySeconds { return nil }
      guard await pacer.secondsWithoutAnswer < retryPolicy.maximumLimitedSeconds else { return nil }
      let share = 1 - retryPolicy.jitter * jitter.unit()
      return await pacer.limit(serverDelay: serverDelay) { [retryPolicy] in retryPolicy.limitDelay($0) * share }
    case .refuse, .stop, .cancelled: return nil
    }
  }

  /// Finishes storing even when the task was cancelled meanwhile: what arrived may be paid for.
  private func shielded<Value: Sendable>(
    _ store: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    try await Task(operation: store).value
  }

  private func attempt(
    _ request: TeacherRequest, number: Int, others: [TeacherRequest]
  ) async -> (Result<TeacherAnswer, TeacherFailure>, TeacherAttempt) {
    let startedAt = Date()
    let clock = ContinuousClock.now
    let outcome = await client.exchange(httpRequest(request))
    let duration = (ContinuousClock.now - clock) / .seconds(1)
    let result = read(outcome, request: request, others: others)
    var record = TeacherAttempt(
      requestID: request.id, number: number, startedAt: startedAt, durationSeconds: duration, status: 200,
      outcome: "answered", detail: "")
    if case .failure(let failure) = result {
      record.status = failure.status
      record.outcome = failure.outcome
      record.detail = failure.detail
      record.cost = failure.cost
    }
    return (result, record)
  }
}

// MARK: - Reading

extension Teacher {
  /// One exchange, which nobody stores.
  func exchange(_ request: TeacherRequest) async -> Result<TeacherAnswer, TeacherFailure> {
    read(await client.exchange(httpRequest(request)), request: request)
  }

  /// What the server says of its models; nil where it says nothing that can be read.
  func listModels() async -> JSONValue? {
    guard case .success(let response) = await client.exchange(modelsRequest), response.status == 200 else { return nil }
    return try? LenientJSON(response.body).value
  }

  func read(
    _ outcome: Result<HTTPResponse, TransportError>, request: TeacherRequest, others: [TeacherRequest] = []
  ) -> Result<TeacherAnswer, TeacherFailure> {
    switch outcome {
    case .failure(let error): return .failure(withoutKey(TeacherFailure(error)))
    case .success(let response) where response.status != 200:
      var failure = withoutKey(TeacherFailure(response, retriedStatuses: retryPolicy.retriedStatuses))
      failure.cost = cost(of: response, request: request, isAnswer: false)
      return .failure(failure)
    case .success(let response): return readAnswer(response, request: request, others: others)
    }
  }

  private func readAnswer(
    _ response: HTTPResponse, request: TeacherRequest, others: [TeacherRequest]
  ) -> Result<TeacherAnswer, TeacherFailure> {
    do {
      let body = try body(of: response)
      var answer = answer(try dialect.reply(from: body.value), body: response.body, request: request)
      if !others.isEmpty { share(&answer, try dialect.furtherReplies(from: body.value), others) }
      answer.repairCount = body.repairCount
      return .success(answer)
    } catch let error as ErrorInAnswer {
      return .failure(withoutKey(TeacherFailure(error, retriedStatuses: retryPolicy.retriedStatuses)))
    } catch {
      let detail = (error as? MalformedAnswer)?.detail ?? (error as? LenientJSON.Failure)?.detail ?? "\(error)"
      var failure = TeacherFailure(malformed: detail, status: 200)
      failure.cost = cost(of: response, request: request, isAnswer: true)
      return .failure(failure)
    }
  }

  private func body(of response: HTTPResponse) throws -> (value: JSONValue, repairCount: Int) {
    let type = response.headers["content-type"]
    if EventStream.isStream(contentType: type) {
      let stream = try EventStream(response.body)
      return (try dialect.body(of: stream), stream.repairCount)
    }
    if let type = type?.lowercased(), !type.contains("json") {
      let hint = type.contains("html") ? ": a page for people; an API's endpoint often ends in /v1" : ""
      throw MalformedAnswer("the answer is '\(type.prefix(60))', not JSON\(hint)")
    }
    let body = try LenientJSON(response.body)
    return (body.value, body.repairCount)
  }

  private func answer(_ reply: TeacherReply, body: [UInt8], request: TeacherRequest) -> TeacherAnswer {
    let byteCount = reply.text.utf8.count + reply.reasoning.utf8.count
    let usage = reply.usage ?? .estimate(of: request, answer: byteCount)
    return TeacherAnswer(
      requestID: request.id, text: reply.text, reasoning: reply.reasoning, finishReason: reply.finishReason,
      model: reply.model ?? profile.model, usage: usage, isUsageEstimated: reply.usage == nil,
      cost: profile.price.cost(of: usage), body: String(decoding: body, as: UTF8.self))
  }

  /// Gives each answer of a response its part of what was counted: the first has the prompt's tokens, and all share
  /// the rest by their lengths. The sum is the response's own count.
  private func share(_ first: inout TeacherAnswer, _ replies: [TeacherReply], _ requests: [TeacherRequest]) {
    let total = first.usage.completionTokenCount
    let lengths = replies.prefix(requests.count).map { $0.text.utf8.count + $0.reasoning.utf8.count }
    let sum = max(1, lengths.reduce(first.text.utf8.count + first.reasoning.utf8.count, +))
    for (index, request) in requests.enumerated() {
      guard index < lengths.count else {
        first.others.append(OtherAnswer(request, answer: nil))
        continue
      }
      var reply = replies[index]
      reply.model = first.model
      reply.usage = TokenUsage(completionTokenCount: Int(Double(total) * Double(lengths[index]) / Double(sum)))
      first.usage.completionTokenCount -= reply.usage?.completionTokenCount ?? 0
      var other = answer(reply, body: Array(#"{"answer_of":"\#(first.requestID)"}"#.utf8), request: request)
      other.isUsageEstimated = true
      first.others.append(OtherAnswer(request, answer: other))
    }
    first.cost = profile.price.cost(of: first.usage)
  }

  /// What a response that is no answer was billed for: by its own count where it has one; else, where its status says
  /// that something was made, by its size.
  private func cost(of response: HTTPResponse, request: TeacherRequest, isAnswer: Bool) -> Double {
    let value = try? LenientJSON(response.body).value
    let counted =
      value.flatMap { OpenAIFields.usage(of: $0, prompt: "prompt_tokens", completion: "completion_tokens") }
      ?? value.flatMap { OpenAIFields.usage(of: $0, prompt: "input_tokens", completion: "output_tokens") }
    if let counted { return profile.price.cost(of: counted) }
    return isAnswer ? profile.price.cost(of: .estimate(of: request, answer: response.body.count)) : 0
  }

  /// Some servers quote the key that they refuse.
  func withoutKey(_ failure: TeacherFailure) -> TeacherFailure {
    var failure = failure
    if let key { failure.detail = key.removed(from: failure.detail) }
    return failure
  }
}
