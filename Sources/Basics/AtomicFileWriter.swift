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

  /// Makes missing folders, and removes what a killed process left of the same file.
  /// - Throws: `HintedError` with the system's reason.
  public init(_ path: String) throws {
    self.path = path
    let url = URL(fileURLWithPath: path)
    let folder = url.deletingLastPathComponent().path
    try AtomicFile.makeFolder(folder)
    Self.removeLeftovers(of: url.lastPathComponent, in: folder)
    temporary = "\(folder)/.\(url.lastPathComponent).\(UUID().uuidString).partial"
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw AtomicFile.failure("cannot create \(path)") }
  }

  deinit {
    close(descriptor)
    if !isFinished { unlink(temporary) }
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

  private static func removeLeftovers(of name: String, in folder: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for leftover in names where leftover.hasPrefix(".\(name).") && leftover.hasSuffix(".partial") {
      unlink("\(folder)/\(leftover)")
    }
  }

  private func flush() throws {
    try buffer.withUnsafeBytes { try AtomicFile.writeAll($0, to: descriptor, path) }
    byteCount += buffer.count
    buffer.removeAll(keepingCapacity: true)
  }
}
