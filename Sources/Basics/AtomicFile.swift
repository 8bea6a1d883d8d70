import Foundation

/// Whole files, written so that a reader or a crash sees the old bytes or the new ones, never a mixture:
/// a temporary name in the same folder, fsync, rename, fsync of the folder.
public enum AtomicFile {
  /// Writes `bytes` to `path`, making missing folders.
  /// - Throws: `HintedError` with the system's reason (a full disk, no permission).
  public static func write(_ bytes: some Collection<UInt8>, to path: String) throws {
    let url = URL(fileURLWithPath: path)
    let folder = url.deletingLastPathComponent().path
    try makeFolder(folder)
    let file = try UnfinishedFiles.open(for: url.path)
    defer {
      close(file.descriptor)
      UnfinishedFiles.forget(file.path)
    }
    do {
      try writeAndSync(bytes, to: file.descriptor, path)
      guard rename(file.path, url.path) == 0 else { throw failure("cannot rename to \(path)") }
      try syncFolder(folder)
    } catch {
      unlink(file.path)
      throw error
    }
  }

  /// The same for a file that is made once: of several who try, one makes it, on a shared disk, too.
  /// - Returns: whether it was made; false where there is one already, which stays as it is.
  /// - Throws: `HintedError` with the system's reason.
  public static func create(_ text: String, at path: String) throws -> Bool {
    let url = URL(fileURLWithPath: path)
    let folder = url.deletingLastPathComponent().path
    try makeFolder(folder)
    let file = try UnfinishedFiles.open(for: url.path)
    defer {
      close(file.descriptor)
      unlink(file.path)
      UnfinishedFiles.forget(file.path)
    }
    try writeAndSync(Array(text.utf8), to: file.descriptor, path)
    guard link(file.path, url.path) == 0 else {
      guard errno == EEXIST else { throw failure("cannot make \(path)") }
      return false
    }
    try syncFolder(folder)
    return true
  }

  /// Writes a text's UTF-8 bytes.
  public static func write(_ text: String, to path: String) throws {
    try write(Array(text.utf8), to: path)
  }

  /// More than any file that Alambic writes, and less than what a process may have of memory.
  public static let readByteLimit = 8 << 30

  /// The file's bytes; a pipe's to its end.
  /// - Throws: `HintedError` when the file is missing or cannot be read, for a device, and for more than 8 GiB.
  public static func read(_ path: String) throws -> [UInt8] {
    let descriptor = try descriptorForReading(path)
    defer { close(descriptor) }
    return try readAll(descriptor, path)
  }

  /// Opens a file or a pipe, to read it from front to back.
  /// - Throws: `HintedError` for what is not there or cannot be read, a folder, or a device, which need not end.
  public static func descriptorForReading(_ path: String) throws -> Int32 {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw HintedError(
        "no such file: \(path)", hint: "check the path; relative paths start at the current folder", code: .missingFile)
    }
    guard !isFolder.boolValue else {
      throw HintedError("\(path) is a folder, not a file", hint: "name a file in it")
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw HintedError("cannot read \(path): \(String(cString: strerror(errno)))")
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, !isDevice(status) || isatty(descriptor) == 1 else {
      close(descriptor)
      throw HintedError("\(path) is a device, not a file", hint: "name a file or a pipe")
    }
    return descriptor
  }

  private static func isDevice(_ status: stat) -> Bool { [S_IFCHR, S_IFBLK].contains(status.st_mode & S_IFMT) }

  private static func readAll(_ descriptor: Int32, _ path: String) throws -> [UInt8] {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw HintedError("cannot read \(path): \(String(cString: strerror(errno)))")
    }
    var bytes: [UInt8] = []
    if status.st_size < readByteLimit { bytes.reserveCapacity(Int(status.st_size)) }
    var piece = [UInt8](repeating: 0, count: 1 << 20)
    while Int(status.st_size) <= readByteLimit, bytes.count <= readByteLimit {
      let count = Foundation.read(descriptor, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw HintedError("cannot read \(path): \(String(cString: strerror(errno)))") }
      guard count > 0 else { return bytes }
      bytes += piece[..<count]
    }
    throw HintedError(
      "\(path) has more than \(ReadableUnits.bytes(readByteLimit))", hint: "name a file that fits into memory")
  }

  /// Gives a file that was written elsewhere in the same folder its final name, after flushing it to the disk.
  /// - Throws: `HintedError` with the system's reason.
  public static func promote(_ temporary: String, to path: String) throws {
    let descriptor = open(temporary, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("cannot open \(temporary)") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure("cannot flush \(temporary) to the disk") }
    guard rename(temporary, path) == 0 else { throw failure("cannot rename \(temporary) to \(path)") }
    try syncFolder(URL(fileURLWithPath: path).deletingLastPathComponent().path)
  }

  /// Makes a folder, and those above it that are missing.
  /// - Throws: `HintedError` with the system's reason.
  public static func makeFolder(_ path: String) throws {
    guard mkdir(path, 0o777) != 0 else { return }
    var reason = errno
    let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
    if reason == ENOENT, parent != path, !parent.isEmpty {
      try makeFolder(parent)
      guard mkdir(path, 0o777) != 0 else { return }
      reason = errno
    }
    var status = stat()
    if reason == EEXIST, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return }
    errno = reason
    throw failure("cannot make the folder \(path)")
  }

  private static func writeAndSync(
    _ bytes: some Collection<UInt8>, to descriptor: Int32, _ path: String
  ) throws {
    let contiguous = ContiguousArray(bytes)
    try contiguous.withUnsafeBytes { try writeAll($0, to: descriptor, path) }
    guard fsync(descriptor) == 0 else { throw failure("cannot flush \(path) to the disk") }
  }

  /// - Parameter path: for the error.
  package static func writeAll(_ buffer: UnsafeRawBufferPointer, to descriptor: Int32, _ path: String) throws {
    var offset = 0
    while offset < buffer.count {
      let written = Foundation.write(descriptor, buffer.baseAddress?.advanced(by: offset), buffer.count - offset)
      if written < 0 {
        if errno == EINTR { continue }
        throw failure("cannot write \(path)")
      }
      offset += written
    }
  }

  private static func syncFolder(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    // Some file systems refuse fsync on a folder; the rename itself is still atomic there.
    _ = fsync(descriptor)
  }

  static func failure(_ what: String) -> HintedError {
    let reason = String(cString: strerror(errno))
    let hint = errno == ENOSPC ? "free some room on that disk; nothing was lost, the old file is untouched" : nil
    return HintedError("\(what): \(reason)", hint: hint, code: .writeFailed)
  }
}
