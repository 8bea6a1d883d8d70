import Basics
import Foundation
import Lineage

/// Handing in.
extension BatchDesk {
  /// Submits requests whose cost is set aside; those that others are at, or have answered, are left out.
  /// - Returns: how many were submitted.
  /// - Throws: `TeacherFailure` where the server takes no such batch; nothing of it is under way then.
  mutating func submit(_ items: [BatchedRequest]) async throws -> Int {
    var batch = TeacherBatch(
      token: TeacherBatch.newToken(), endpoint: worker.teacher.requestEndpoint, model: worker.teacher.profile.model,
      requestCount: items.count, submittedAt: Date())
    let granted = try await store.open(batch, of: items)
    let cost = granted.reduce(0) { $0 + $1.possibleCost }
    worker.budget.settle(reserved: items.reduce(0) { $0 + $1.possibleCost } - cost, spent: 0)
    guard !granted.isEmpty else { return 0 }
    batch.requestCount = granted.count
    expect(batch, cost: cost)
    do {
      try await handIn(&batch, try granted.map { try BatchEntry($0.request) })
    } catch let failure as TeacherFailure {
      if case .cancelled = failure.consequence { throw CancellationError() }
      try await abandon(batch, granted, after: failure, outcome: "refused")
      throw failure
    }
    await worker.onEvent(
      .batch(batch.serverID ?? "", .submitted(requestCount: granted.count, maximumCost: cost)))
    return granted.count
  }

  private mutating func handIn(_ batch: inout TeacherBatch, _ entries: [BatchEntry]) async throws {
    if let upload = dialect.upload(entries, of: batch) {
      let body = try await exchange(upload)
      guard let id = (try? LenientJSON(body).value)?["id"]?.text.flatMap(BatchName.checked) else {
        throw TeacherFailure(malformed: "the server did not name the uploaded file", status: 200)
      }
      batch.inputFileID = id
      try await store.note(batch)
    }
    batch.serverID = try await create(batch, entries)
    // Not to be cut off by a cancellation: what the server has taken must be known.
    try await Task { [store, batch] in try await store.note(batch) }.value
  }

  /// Creates the batch once. Where no word came back, the server's list says whether it was taken.
  private mutating func create(_ batch: TeacherBatch, _ entries: [BatchEntry]) async throws -> String {
    let call = try dialect.submission(entries, of: batch)
    var number = 1
    while true {
      guard !worker.stop.isRaised else { throw CancellationError() }
      // Apart from the surrounding task: a cancellation must not cut off the one word that names the batch.
      let result = await Task { [teacher = worker.teacher] in await teacher.exchange(call) }.value
      let failure: TeacherFailure
      switch result {
      case .success(let body):
        if let status = try? status(from: body) { return status.id }
        failure = TeacherFailure(malformed: "the server did not name the batch", status: 200)
      case .failure(let error): failure = error
      }
      if Self.mayBeTaken(failure), let id = try await find(batch, until: Date() + policy.searchSeconds) { return id }
      guard let delay = delay(after: failure, number: number) else { throw failure }
      guard try await worker.stop.sleep(seconds: delay) else { throw CancellationError() }
      number += 1
    }
  }

  /// Whether the server may have taken what it was sent although it does not say so.
  private static func mayBeTaken(_ failure: TeacherFailure) -> Bool {
    guard let status = failure.status else { return failure.mayBeBilled }
    return status == 200 || status == 408 || status == 409 || status >= 500
  }

  /// Looks for a batch in the server's list.
  /// - Throws: `HintedError` where that does not say which it is.
  mutating func find(_ batch: TeacherBatch, until end: Date) async throws -> String? {
    let known = try await store.batchServerIDs()
    var delay = policy.firstSeconds
    while true {
      let found = try await matches(of: batch).filter { !known.contains($0) }
      guard found.count < 2 else {
        throw HintedError(
          "\(found.count) batches of the server may be the one of which no word came: "
            + found.prefix(5).joined(separator: ", "),
          hint: "cancel those that are not yours, or give it up with --forget-batches", status: .unavailable)
      }
      if let id = found.first { return id }
      guard Date() < end else { return nil }
      guard try await worker.stop.sleep(seconds: delay) else { throw CancellationError() }
      delay = min(delay * policy.growth, policy.longestSeconds)
    }
  }

  private mutating func matches(of batch: TeacherBatch) async throws -> [String] {
    var (found, after): ([String], String?) = ([], nil)
    for _ in 0..<Self.listPageLimit {
      let page = try LenientJSON(try await exchange(dialect.list(after: after))).value
      let statuses = (page["data"]?.items ?? []).compactMap { try? dialect.status(from: $0) }
      found += statuses.filter { dialect.isSame($0, as: batch) }.map(\.id)
      // Newest first: what is much older is not it.
      guard page["has_more"] == .bool(true), let last = statuses.last,
        last.createdAt.map({ $0 > batch.submittedAt.addingTimeInterval(-86_400) }) ?? true
      else { break }
      after = last.id
    }
    return found
  }

  private static let listPageLimit = 50

  /// Ends a batch of which nothing will come, and frees its requests.
  mutating func abandon(
    _ batch: TeacherBatch, _ items: [BatchedRequest], after failure: TeacherFailure, outcome: String
  ) async throws {
    try await take(items.map { ($0, .failure(failure)) }, of: batch)
    try await close(batch, outcome: outcome)
  }
}
