import Basics

/// What `GET /alambic/statistics` says, so that tests can prove that nothing was asked twice.
public struct ServerStatistics: Hashable, Codable, Sendable {
  /// Completions asked for, also those refused or lost to a fault.
  public internal(set) var requestCount = 0
  /// Requests that were answered with status 200.
  public internal(set) var answersSent = 0
  /// Different bodies among the answered.
  public internal(set) var distinctRequests = 0
  /// How often the most frequent body was answered.
  public internal(set) var maximumRepeat = 0
  /// Bodies that were answered more than once: the id of the canonical JSON, and how often.
  public internal(set) var repeats: [String: Int] = [:]
}

/// Counts requests for all connections of a server.
actor RequestLog {
  private var requestCount = 0
  /// The bodies that were answered, in order.
  private(set) var answeredBodies: [ContentID] = []

  /// - Returns: the request's number, from 1.
  func countRequest() -> Int {
    requestCount += 1
    return requestCount
  }

  func countAnswer(to body: ContentID) { answeredBodies.append(body) }

  var statistics: ServerStatistics {
    let answers = answeredBodies.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    var statistics = ServerStatistics()
    statistics.requestCount = requestCount
    statistics.answersSent = answeredBodies.count
    statistics.distinctRequests = answers.count
    statistics.maximumRepeat = answers.values.max() ?? 0
    for (body, count) in answers where count > 1 { statistics.repeats[body.description] = count }
    return statistics
  }
}
