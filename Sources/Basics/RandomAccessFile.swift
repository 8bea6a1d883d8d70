import Foundation

/// A file that is read in pieces, from any place, by any number of threads; it stays open as long as the value lives.
public final class RandomAccessFile: Sendable {
  public let path: String
  /// The file's size when it was opened.
  public let byteCount: Int
  private let descriptor: Int32

  /// - Throws: `HintedError` when the file is missing, is not a regular file, or cannot be opened.
  public init(_ path: String) throws {
    // A pipe nobody writes to would keep `open` waiting; regular files do not mind.
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Self.failure("cannot open \(path)") }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let error = Self.failure("cannot stat \(path)")
      close(descriptor)
      throw error
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw HintedError("\(path) is not a regular file", hint: "name a file, not a folder, a device or a pipe")
    }
    self.path = path
    byteCount = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Exactly `count` bytes from `offset`.
  /// - Throws: `HintedError` when the range is not in the file, or the system cannot read it.
  public func read(at offset: Int, count: Int) throws -> [UInt8] {
    guard offset >= 0, count >= 0, count <= byteCount, offset <= byteCount - count else {
      throw HintedError(
        "\(path): no \(count) bytes at offset \(offset); the file has \(byteCount)",
        hint: "the file is truncated or is not of this format; fetch or make it again")
    }
    return try [UInt8](unsafeUninitializedCapacity: count) { buffer, filledCount in
      while filledCount < count {
        let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filledCount...])
        let readCount = pread(descriptor, rest.baseAddress, count - filledCount, off_t(offset + filledCount))
        if readCount < 0, errno == EINTR { continue }
        guard readCount >= 0 else { throw Self.failure("cannot read \(path)") }
        guard readCount > 0 else { throw HintedError("\(path) became shorter while it was read") }
        filledCount += readCount
      }
    }
  }

  private static func failure(_ what: String) -> HintedError {
    let hint = errno == ENOENT ? "check the path; relative paths start at the current folder" : nil
    return HintedError("\(what): \(String(cString: strerror(errno)))", hint: hint)
  }
}
