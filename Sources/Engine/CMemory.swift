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

/// A structure of C at one address. An object that held it in itself would have its size, which other modules may know
/// by heart, and builds do not compile a Swift module again because a C header changed behind another module.
final class CStructure<Value> {
  let pointer: UnsafeMutablePointer<Value>

  init(_ value: Value) {
    pointer = .allocate(capacity: 1)
    pointer.initialize(to: value)
  }

  deinit {
    pointer.deinitialize(count: 1)
    pointer.deallocate()
  }
}
