import Basics
import Foundation

extension HTTPClient {
  /// Fetches a file and checks its hash, where that is known beforehand.
  ///
  /// Bytes collect in `<path>.partial`; a later call continues there, and a server that ignores `Range` starts over. The
  /// file gets its name only after its hash was checked, so that `path` is always whole. A file of that name with the
  /// right hash is left alone, and nothing is asked.
  /// - Throws: `HintedError` when the server refuses, the attempts are used up, the disk is full, or the hash differs;
  ///   `CancellationError`, which keeps the partial file.
  public func download(
    url: String, to path: String, expectedSHA256 expected: ContentID?, retryPolicy: RetryPolicy = .standard,
    seed: UInt64 = 0, progress: @escaping @Sendable (DownloadProgress) -> Void = { _ in }
  ) async throws {
    if let expected, FileManager.default.fileExists(atPath: path), try ContentID(ofFile: path) == expected { return }
    try AtomicFile.makeFolder(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    let download = Download(url: url, partialPath: path + ".partial", progress: progress)
    let wasResumed = download.partialByteCount > 0
    try await fetch(download, retryPolicy: retryPolicy, generator: SeededGenerator(seed: seed))
    guard let expected else { return try AtomicFile.promote(download.partialPath, to: path) }
    var found = try ContentID(ofFile: download.partialPath)
    if found != expected, wasResumed {
      // The beginning may stem from another version of the file: once more, from the first byte.
      try download.discard()
      try await fetch(download, retryPolicy: retryPolicy, generator: SeededGenerator(seed: seed))
      found = try ContentID(ofFile: download.partialPath)
    }
    guard found == expected else {
      try download.discard()
      throw HintedError(
        "\(url): the file's hash is \(found), not \(expected)",
        hint: "if the publisher changed the file and you trust it, write the new hash into the recipe")
    }
    try AtomicFile.promote(download.partialPath, to: path)
  }

  /// Repeats the download's request until the partial file is complete.
  private func fetch(_ download: Download, retryPolicy: RetryPolicy, generator: SeededGenerator) async throws {
    var generator = generator
    for attempt in 1... {
      let step = await self.attempt(download)
      switch step {
      case .complete: return
      case .stop(let error): throw error
      case .tryAgain(let error, let serverDelay):
        guard let delay = retryPolicy.delay(afterAttempt: attempt, serverDelay: serverDelay, using: &generator)
        else { throw error }
        try await Task.sleep(for: .seconds(delay))
      }
      try Task.checkCancellation()
    }
  }

  private func attempt(_ download: Download) async -> Download.Step {
    let offset = download.partialByteCount
    do {
      let sink = try FileSink(path: download.partialPath, offset: offset, progress: download.progress)
      return download.judge(await perform(download.request(from: offset), into: sink), offset: offset)
    } catch {
      return .stop(error.hinted)
    }
  }
}

/// One file on its way: what to ask for next, and what an answer means.
private struct Download {
  enum Step {
    case complete
    case tryAgain(HintedError, serverDelay: Double?)
    case stop(any Error)
  }

  let url: String
  let partialPath: String
  let progress: @Sendable (DownloadProgress) -> Void

  /// 0 when there is no partial file yet.
  var partialByteCount: Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: partialPath)
    return (attributes?[.size] as? NSNumber)?.intValue ?? 0
  }

  func discard() throws {
    do {
      try FileManager.default.removeItem(atPath: partialPath)
    } catch {
      throw HintedError("cannot remove \(partialPath): \(error.localizedDescription)")
    }
  }

  func request(from offset: Int) -> HTTPRequest {
    let headers: HTTPHeaders = offset > 0 ? ["Range": "bytes=\(offset)-"] : [:]
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
    // 416 to a range that starts at the end of the file: there was nothing left to send. The hash has the last word.
    if [200, 206].contains(response.status) || (response.status == 416 && offset > 0) { return .complete }
    let error = HintedError(
      "\(url): the server answered \(response.status)", hint: "check the address in a browser", status: .unavailable)
    guard RetryPolicy.transientStatuses.contains(response.status) else { return .stop(error) }
    return .tryAgain(error, serverDelay: response.headers.retryAfterSeconds())
  }
}
