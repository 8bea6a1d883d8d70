import Basics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Memory for C code, at one address as long as this object lives.
final class CMemory {
  let start: UnsafeMutableRawPointer
  let byteCount: Int

  /// - Throws: `HintedError` when the system does not give that much.
  init(byteCount: Int) throws {
    guard let pointer = malloc(max(byteCount, 1)) else {
      throw HintedError(
        "the engine needs \(byteCount) bytes of memory and cannot get them", hint: "a shorter context needs less",
        status: .unavailable)
    }
    start = pointer
    self.byteCount = byteCount
  }

  convenience init(copying bytes: [UInt8]) throws {
    try self.init(byteCount: bytes.count)
    UnsafeMutableRawBufferPointer(start: start, count: byteCount).copyBytes(from: bytes)
  }

  deinit { free(start) }
}
