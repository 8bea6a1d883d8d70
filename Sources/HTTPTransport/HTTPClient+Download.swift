import Basics
import Foundation

extension HTTPClient {
  /// Fetches a file and checks its hash, where that is known beforehand.
  ///
  /// Bytes collect in `<path>.partial`; a later call continues there, if the hash or the server's entity tag guards
  /// against mixing two versions, and a server that ignores `Range` starts over. The file gets its name last, so that
  /// `path` is always whole. A file of that name with the right hash is left alone, and nothing is asked.
  /// - Throws: `HintedError` when the server refuses, the attempts are used up, the disk is full, or the hash differs;
  ///   `CancellationError`, which keeps the partial file.
  public func download(
    url: String, to path: String, expectedSHA256 expected: ContentID?, retryPolicy: RetryPolicy = .standard,
    seed: UInt64 = 0, progress: @escaping @Sendable (DownloadProgress) -> Void = { _ in }
  ) async throws {
    if let expected, FileManager.default.fileExists(atPath: path), try ContentID(ofFile: path) == expected { return }
    try AtomicFile.makeFolder(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    let partial = PartialFile(path: path + ".partial")
    let download = Download(url: url, partial: partial, isHashKnown: expected != nil, progress: progress)
    let wasResumed = download.offset > 0
    try await fetch(download, retryPolicy: retryPolicy, seed: seed)
    if let expected, wasResumed, try ContentID(ofFile: partial.path) != expected {
      // The beginning may stem from another version of the file: once more, from the first byte.
      try partial.discard()
      try await fetch(download, retryPolicy: retryPolicy, seed: seed)
    }
    try check(partial, of: url, against: expected)
    try partial.promote(to: path)
  }

  private func check(_ partial: PartialFile, of url: String, against expected: ContentID?) throws {
    guard let expected else { return }
    let found = try ContentID(ofFile: partial.path)
    guard found != expected else { return }
    try partial.discard()
    throw HintedError(
      "\(url): the file's hash is \(found), not \(expected)",
      hint: "if the publisher changed the file and you trust it, write the new hash into the recipe")
  }

  /// Repeats the download's request until the partial file is complete.
  private func fetch(_ download: Download, retryPolicy: RetryPolicy, seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    for attempt in 1... {
      switch await self.attempt(download) {
      case .complete: return
      case .stop(let error): throw error
      case .tryAgain(let error, let serverDelay):
        guard let delay = retryPolicy.delay(afterAttempt: attempt, serverDelay: serverDelay, using: &generator)
        else { throw error }
        try await Task.sleep(for: .seconds(delay))
      }
    }
  }

  private func attempt(_ download: Download) async -> Download.Step {
    let offset = download.offset
    do {
      let sink = try FileSink(download.partial, offset: offset, progress: download.progress)
      return download.judge(await perform(download.request(from: offset), into: sink), offset: offset)
    } catch {
      return .stop(error.hinted)
    }
  }
}
