import Foundation

/// A file that is written piece by piece and has its name only when it is whole: a temporary name in the same folder,
/// fsync, rename. Given up without `finish`, it leaves nothing.
public final class AtomicFileWriter {
  private let path: String
  private let temporary: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var isFinished = false
  public private(set) var byteCount = 0

  private static let bufferByteCount = 1 << 20

  /// Makes missing folders.
  /// - Throws: `HintedError` with the system's reason.
  public init(_ path: String) throws {
    self.path = path
    let url = URL(fileURLWithPath: path)
    try AtomicFile.makeFolder(url.deletingLastPathComponent().path)
    let file = try UnfinishedFiles.open(for: url.path)
    (temporary, descriptor) = (file.path, file.descriptor)
  }

  deinit {
    if !isFinished { unlink(temporary) }
    close(descriptor)
    UnfinishedFiles.forget(temporary)
  }

  /// - Throws: `HintedError` with the system's reason, such as a full disk.
  public func append(_ bytes: some Sequence<UInt8>) throws {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.bufferByteCount { try flush() }
  }

  public func finish() throws {
    try flush()
    try AtomicFile.promote(temporary, to: path)
    isFinished = true
  }

  private func flush() throws {
    try buffer.withUnsafeBytes { try AtomicFile.writeAll($0, to: descriptor, path) }
    byteCount += buffer.count
    buffer.removeAll(keepingCapacity: true)
  }
}
