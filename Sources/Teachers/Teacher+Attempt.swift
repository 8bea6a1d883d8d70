import Basics
import Foundation
import HTTPTransport
import Lineage

/// One request, as often as the policy allows.
extension Teacher {
  /// Sends a recorded request until it is answered, and stores the answer.
  /// - Throws: `TeacherFailure` of the last attempt, already stored; `HintedError` of the store.
  func answer(
    to request: TeacherRequest, store: any AnswerStore, pacer: Pacer, stop: StopSignal,
    onRetry: @Sendable (_ attempt: Int, _ delaySeconds: Double, TeacherFailure) async -> Void
  ) async throws -> TeacherAnswer {
    // The jitter's seed is the request's own, so that requests spread however many run.
    var jitter = SeededGenerator(seed: request.id.digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    var number = 1
    while true {
      try await pacer.waitForTurn(unless: stop)
      switch await attempt(request, number: number) {
      case (.success(let answer), let record):
        try await shielded { try await store.recordAnswer(answer, attempt: record) }
        return answer
      case (.failure(let failure), let record):
        try await shielded { try await store.recordAttempt(record) }
        guard case .retry(let serverDelay) = failure.consequence,
          let delay = retryPolicy.delay(afterAttempt: number, serverDelay: serverDelay, using: &jitter)
        else { throw failure }
        await onRetry(number, delay, failure)
        if serverDelay != nil { await pacer.pause(seconds: delay) }
        guard try await stop.sleep(seconds: delay) else { throw failure }
      }
      number += 1
    }
  }

  /// Finishes storing even when the task was cancelled meanwhile: what arrived may be paid for.
  private func shielded(_ store: @escaping @Sendable () async throws -> Void) async throws {
    try await Task(operation: store).value
  }

  private func attempt(
    _ request: TeacherRequest, number: Int
  ) async -> (Result<TeacherAnswer, TeacherFailure>, TeacherAttempt) {
    let startedAt = Date()
    let clock = ContinuousClock.now
    let outcome = await client.exchange(httpRequest(request))
    let duration = (ContinuousClock.now - clock) / .seconds(1)
    let result = read(outcome, request: request)
    var record = TeacherAttempt(
      requestID: request.id, number: number, startedAt: startedAt, durationSeconds: duration, status: 200,
      outcome: "answered", detail: "")
    if case .failure(let failure) = result {
      record.status = failure.status
      record.outcome = failure.outcome
      record.detail = failure.detail
    }
    return (result, record)
  }

  private func read(
    _ outcome: Result<HTTPResponse, TransportError>, request: TeacherRequest
  ) -> Result<TeacherAnswer, TeacherFailure> {
    switch outcome {
    case .failure(let error): .failure(withoutKey(TeacherFailure(error)))
    case .success(let response) where response.status != 200:
      .failure(withoutKey(TeacherFailure(response, retriedStatuses: retryPolicy.retriedStatuses)))
    case .success(let response): readAnswer(response, request: request)
    }
  }

  private func readAnswer(
    _ response: HTTPResponse, request: TeacherRequest
  ) -> Result<TeacherAnswer, TeacherFailure> {
    if let type = response.headers["content-type"]?.lowercased(), !type.contains("json") {
      return .failure(TeacherFailure(malformed: "the answer is '\(type.prefix(60))', not JSON", status: 200))
    }
    do {
      let reply = try dialect.reply(from: response.body)
      return .success(
        TeacherAnswer(
          requestID: request.id, text: reply.text, finishReason: reply.finishReason,
          model: reply.model ?? profile.model, usage: reply.usage, cost: profile.price.cost(of: reply.usage),
          body: String(decoding: response.body, as: UTF8.self)))
    } catch {
      let detail = (error as? MalformedAnswer)?.detail ?? "the body cannot be read: \(error)"
      return .failure(TeacherFailure(malformed: detail, status: 200))
    }
  }

  /// Some servers quote the key that they refuse.
  private func withoutKey(_ failure: TeacherFailure) -> TeacherFailure {
    var failure = failure
    if let key { failure.detail = key.removed(from: failure.detail) }
    return failure
  }
}
