import Foundation

/// Writes a body to a partial file: after what is there when the server continues (206), from the start when it sends
/// everything again (200). The body of any other answer is an error page and is dropped.
final class FileSink: TransferSink {
  private let descriptor: Int32
  private let partial: PartialFile
  private let offset: Int
  private let progress: @Sendable (DownloadProgress) -> Void
  private var position = 0
  private var totalByteCount: Int?
  private var hasStarted = false

  /// - Parameter offset: how many bytes the file holds and the request leaves out.
  init(_ partial: PartialFile, offset: Int, progress: @escaping @Sendable (DownloadProgress) -> Void)
    throws(TransportError)
  {
    descriptor = open(partial.path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
    self.partial = partial
    self.offset = offset
    self.progress = progress
    guard descriptor >= 0 else { throw failure() }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  func receive(_ bytes: UnsafeRawBufferPointer, status: Int, headers: HTTPHeaders) throws(TransportError) {
    guard status == 200 || status == 206 else { return }
    if !hasStarted { try start(status: status, headers: headers) }
    var written = 0
    while written < bytes.count {
      let count = write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure() }
      written += count
    }
    position += written
    progress(DownloadProgress(receivedByteCount: position, totalByteCount: totalByteCount))
  }

  private func start(status: Int, headers: HTTPHeaders) throws(TransportError) {
    hasStarted = true
    position = status == 206 ? offset : 0
    if status == 206 {
      guard headers["content-range"]?.hasPrefix("bytes \(offset)-") == true else {
        throw TransportError(.other, "the server continues at another byte than the \(offset) it was asked for")
      }
    }
    guard ftruncate(descriptor, off_t(position)) == 0, lseek(descriptor, off_t(position), SEEK_SET) >= 0 else {
      throw failure()
    }
    if status == 200 { try noteVersion(headers["etag"]) }
    if let length = headers["content-length"].flatMap(Int.init), length >= 0 {
      totalByteCount = position.addingReportingOverflow(length).partialValue
    }
  }

  private func noteVersion(_ tag: String?) throws(TransportError) {
    do {
      try partial.setVersionTag(tag)
    } catch {
      throw TransportError(.cannotWrite, "cannot note the version of \(partial.path): \(error)")
    }
  }

  private func failure() -> TransportError {
    TransportError(.cannotWrite, "cannot write \(partial.path): \(String(cString: strerror(errno)))")
  }
}

/// How far a download is.
public struct DownloadProgress: Hashable, Sendable {
  public var receivedByteCount: Int
  /// Nil when the server does not say.
  public var totalByteCount: Int?

  public init(receivedByteCount: Int, totalByteCount: Int?) {
    self.receivedByteCount = receivedByteCount
    self.totalByteCount = totalByteCount
  }
}
