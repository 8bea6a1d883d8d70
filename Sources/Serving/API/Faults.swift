/// How a server misbehaves on purpose, so that a client's patience can be tested. Requests count from 1.
public struct Faults: Hashable, Sendable {
  /// What every answer waits for.
  public var latencyMilliseconds: Int
  /// Every n-th request gets status 429 and `Retry-After`; none when nil.
  public var everyTooManyRequests: Int?
  /// Every n-th request gets status 500.
  public var everyInternalError: Int?
  /// Every n-th request gets a response's head and then a closed connection.
  public var everyDroppedConnection: Int?
  /// What `Retry-After` says.
  public var retryAfterSeconds: Int

  public init(
    latencyMilliseconds: Int = 0, everyTooManyRequests: Int? = nil, everyInternalError: Int? = nil,
    everyDroppedConnection: Int? = nil, retryAfterSeconds: Int = 1
  ) {
    self.latencyMilliseconds = latencyMilliseconds
    self.everyTooManyRequests = everyTooManyRequests
    self.everyInternalError = everyInternalError
    self.everyDroppedConnection = everyDroppedConnection
    self.retryAfterSeconds = retryAfterSeconds
  }

  enum Kind {
    case tooManyRequests, internalError, droppedConnection
  }

  /// What befalls a request, if anything; the first that is due.
  func fault(ofRequest number: Int) -> Kind? {
    func isDue(_ period: Int?) -> Bool {
      guard let period, period > 0 else { return false }
      return number.isMultiple(of: period)
    }
    if isDue(everyTooManyRequests) { return .tooManyRequests }
    if isDue(everyInternalError) { return .internalError }
    return isDue(everyDroppedConnection) ? .droppedConnection : nil
  }
}
