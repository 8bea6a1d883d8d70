import Foundation

/// Memory that is read at random: whole pages from the system, in huge pages where it has them, so that neither page
/// faults nor address translation cost more than the reads.
public final class LargeBuffer {
  /// What `init` asked for; zero at first.
  public let bytes: UnsafeMutableRawBufferPointer
  private let mapping: UnsafeMutableRawBufferPointer

  /// Of x86-64, and of AArch64 with pages of 4 KiB. With another size nothing but the speed is lost.
  private static let hugePageByteCount = 2 << 20

  /// - Throws: `HintedError` where the system has no such room.
  public init(byteCount: Int) throws {
    let count = max(1, byteCount) + Self.hugePageByteCount
    let start = mmap(nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0)
    guard let start, start != MAP_FAILED else {
      throw HintedError(
        "no memory for \(ReadableUnits.bytes(byteCount)): \(String(cString: strerror(errno)))", status: .unavailable)
    }
    mapping = UnsafeMutableRawBufferPointer(start: start, count: count)
    let address = UInt(bitPattern: start)
    let offset = Int(address.roundedUp(toMultipleOf: UInt(Self.hugePageByteCount)) - address)
    bytes = UnsafeMutableRawBufferPointer(rebasing: mapping[offset..<offset + byteCount])
    #if os(Linux)
      // A wish: a kernel without huge pages refuses it, and nothing else changes.
      _ = madvise(start + offset, byteCount, Int32(MADV_HUGEPAGE))
    #endif
  }

  deinit { munmap(mapping.baseAddress, mapping.count) }
}

extension UInt {
  fileprivate func roundedUp(toMultipleOf step: UInt) -> UInt { (self + step - 1) / step * step }
}
