import Basics
import Foundation

/// One file on its way: what to ask for next, and what an answer means.
struct Download {
  enum Step {
    case complete
    case tryAgain(HintedError, serverDelay: Double?)
    case stop(any Error)
  }

  let url: String
  let partial: PartialFile
  /// Whether the caller can tell afterwards that the parts belong together.
  let isHashKnown: Bool
  let progress: @Sendable (DownloadProgress) -> Void

  /// Where to go on: at the partial file's end, if either the hash or the server's tag guards against mixing versions.
  var offset: Int { isHashKnown || partial.versionTag != nil ? partial.byteCount : 0 }

  func request(from offset: Int) -> HTTPRequest {
    var headers = HTTPHeaders()
    if offset > 0 {
      headers.append("Range", "bytes=\(offset)-")
      // A server that has another version by now sends all of it.
      if let tag = partial.versionTag { headers.append("If-Range", tag) }
    }
    return HTTPRequest(url: url, headers: headers, timeouts: .download, followsRedirects: true)
  }

  func judge(_ outcome: Result<HTTPResponse, TransportError>, offset: Int) -> Step {
    switch outcome {
    case .success(let response): judge(response, offset: offset)
    case .failure(let error) where error.reason == .cancelled: .stop(CancellationError())
    case .failure(let error): error.isTransient ? .tryAgain(error.hinted, serverDelay: nil) : .stop(error.hinted)
    }
  }

  private func judge(_ response: HTTPResponse, offset: Int) -> Step {
    if [200, 206].contains(response.status) { return .complete }
    let error = HintedError(
      "\(url): the server answered \(response.status)", hint: "check the address in a browser", status: .unavailable)
    if response.status == 416, offset > 0 { return judgeEmptyRange(response, offset: offset, error: error) }
    guard RetryPolicy.transientStatuses.contains(response.status) else { return .stop(error) }
    return .tryAgain(error, serverDelay: response.headers.retryAfterSeconds())
  }

  /// No byte follows the partial file: it is complete, or too long. A known hash has the last word on that.
  private func judgeEmptyRange(_ response: HTTPResponse, offset: Int, error: HintedError) -> Step {
    if isHashKnown || response.headers["content-range"] == "bytes */\(offset)" { return .complete }
    do {
      try partial.discard()
      return .tryAgain(error, serverDelay: 0)
    } catch {
      return .stop(error)
    }
  }
}
