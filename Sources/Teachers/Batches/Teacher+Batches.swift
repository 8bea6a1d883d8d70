import Basics
import HTTPTransport
import Lineage

extension Teacher {
  /// How batches are followed.
  public struct BatchPolicy: Sendable {
    /// The first wait between two looks at a batch, and the longest.
    public var firstSeconds: Double
    public var longestSeconds: Double
    /// How much longer each wait is than the one before.
    public var growth: Double
    /// So long after its submission a batch of which no word came is looked for in the server's list.
    public var searchSeconds: Double

    public init(
      firstSeconds: Double = 1, longestSeconds: Double = 60, growth: Double = 1.5, searchSeconds: Double = 60
    ) {
      self.firstSeconds = firstSeconds
      self.longestSeconds = longestSeconds
      self.growth = growth
      self.searchSeconds = searchSeconds
    }
  }

  /// Results are as long as they are.
  private static let resultsByteLimit = 1 << 30

  private func httpRequest(_ call: BatchCall) -> HTTPRequest {
    var headers = builder.headers(key: key)
    headers.replace("Content-Type", call.contentType)
    headers.replace("Accept", "application/json, application/x-jsonl, */*")
    let own = call.query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    let query = own.isEmpty ? builder.query : builder.query.isEmpty ? "?" + own : "\(builder.query)&\(own)"
    return HTTPRequest(
      call.method, url: baseURL + call.path + query, headers: headers, body: call.body,
      timeouts: HTTPTimeouts(connect: timeouts.connect, total: nil, silence: 120),
      responseByteLimit: Self.resultsByteLimit)
  }

  /// One exchange of the batch API.
  func exchange(_ call: BatchCall) async -> Result<[UInt8], TeacherFailure> {
    switch await client.exchange(httpRequest(call)) {
    case .success(let response) where (200..<300).contains(response.status): .success(response.body)
    case .success(let response):
      .failure(withoutKey(TeacherFailure(response, retriedStatuses: retryPolicy.retriedStatuses)))
    case .failure(let error): .failure(withoutKey(TeacherFailure(error)))
    }
  }

  /// What a line of results brings: what the response would have brought alone, at a batch's price.
  func read(_ outcome: BatchLine.Outcome, _ item: BatchedRequest) -> Result<TeacherAnswer, TeacherFailure> {
    switch outcome {
    case .expired: return .failure(.restOfBatch(.expired))
    case .cancelled: return .failure(.restOfBatch(.cancelled))
    case .response(let status, let body):
      let bytes = (try? CanonicalJSON.encode(body)) ?? []
      let response = HTTPResponse(status: status, headers: ["Content-Type": "application/json"], body: bytes)
      let share = profile.price.batchShare
      return read(.success(response), request: item.request, others: item.others).map { answer in
        var answer = answer
        answer.cost *= share
        for index in answer.others.indices { answer.others[index].answer?.cost *= share }
        return answer
      }.mapError { failure in
        var failure = failure
        failure.cost *= share
        return failure
      }
    }
  }
}

extension TeacherFailure {
  /// Of a request that a batch's results do not answer.
  static func restOfBatch(_ rest: BatchStatus.Rest) -> TeacherFailure {
    switch rest {
    case .expired:
      TeacherFailure(
        outcome: "expired", detail: "the batch's time was over before this was asked", status: nil,
        consequence: .retry(serverDelaySeconds: nil))
    case .cancelled:
      TeacherFailure(
        outcome: "cancelled", detail: "the batch was cancelled at the server", status: nil,
        consequence: .stop(hint: "the same command asks again what is missing"))
    case .lost:
      TeacherFailure(
        outcome: "lost", detail: "the batch ended without a word of this request", status: nil,
        consequence: .retry(serverDelaySeconds: nil), mayBeBilled: true)
    }
  }
}
