import Foundation

/// Memory for large arrays of one piece of work, up to a limit; what goes beyond it lies in files without a name, which
/// the system removes with the process.
public final class ScratchPool: @unchecked Sendable {
  // Arrays grow on one thread at a time: whoever fills them.
  private let folder: String
  private let memoryByteCount: Int
  private var inMemoryByteCount = 0
  private var mapped: [ObjectIdentifier: UnsafeMutableRawBufferPointer] = [:]

  /// - Parameters:
  ///   - folder: where the files go; it exists.
  ///   - memoryByteCount: arrays take so much memory, all together.
  public init(folder: String, memoryByteCount: Int) {
    (self.folder, self.memoryByteCount) = (folder, memoryByteCount)
  }

  /// For work that is known to be small.
  public static func unbounded() -> ScratchPool { ScratchPool(folder: "", memoryByteCount: .max) }

  /// Whether arrays lie in files by now.
  public var hasSpilled: Bool { !mapped.isEmpty }

  /// The memory that arrays have left; nil without a limit.
  public var leftByteCount: Int? { memoryByteCount == .max ? nil : max(0, memoryByteCount - inMemoryByteCount) }

  /// How many elements of some bytes may be held beside the arrays, at least 1,024: a quarter of the limit.
  public func elementCount(ofByteCount byteCount: Int) -> Int { max(1024, memoryByteCount / 4 / byteCount) }

  /// Gives memory that holds pages of files back to the system, which keeps or writes them as it sees fit. They are
  /// read again when they are touched.
  public func release() {
    for region in mapped.values { madvise(region.baseAddress, region.count, MADV_DONTNEED) }
  }

  // MARK: - For arrays

  /// - Returns: whether so much more may lie in memory; it is then counted.
  func take(_ byteCount: Int) -> Bool {
    guard byteCount <= memoryByteCount - inMemoryByteCount else { return false }
    inMemoryByteCount += byteCount
    return true
  }

  func giveBack(_ byteCount: Int) { inMemoryByteCount -= byteCount }

  func note(_ region: UnsafeMutableRawBufferPointer?, of owner: AnyObject) { mapped[ObjectIdentifier(owner)] = region }

  /// A file without a name.
  func makeFile() throws -> Int32 {
    let path = "\(folder)/.\(UUID().uuidString).scratch"
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw AtomicFile.failure("cannot create \(path)") }
    unlink(path)
    return descriptor
  }

  /// Makes a file at least so large, with room on the disk for all of it: a mapped page without room would end the
  /// process instead of throwing.
  func grow(_ descriptor: Int32, to byteCount: Int) throws {
    #if canImport(Darwin)
      var store = fstore_t(
        fst_flags: UInt32(F_ALLOCATEALL), fst_posmode: F_PEOFPOSMODE, fst_offset: 0, fst_length: off_t(byteCount),
        fst_bytesalloc: 0)
      guard fcntl(descriptor, F_PREALLOCATE, &store) == 0, ftruncate(descriptor, off_t(byteCount)) == 0 else {
        throw failure(byteCount)
      }
    #else
      let status = posix_fallocate(descriptor, 0, off_t(byteCount))
      guard status == 0 else {
        errno = status
        throw failure(byteCount)
      }
    #endif
  }

  private func failure(_ byteCount: Int) -> HintedError {
    let reason = String(cString: strerror(errno))
    return HintedError(
      "cannot make a scratch file of \(ReadableUnits.bytes(byteCount)) in \(folder): \(reason)",
      hint: "free some room on that disk, or allow more --memory", status: .unavailable)
  }
}
