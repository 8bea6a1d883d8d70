import CAllocator

/// Tells glibc's allocator to keep blocks of some megabytes, which curation takes and gives back by the thousand: else
/// each of them is mapped and cleared anew, a quarter of the time.
enum LargeBlocks {
  /// The largest threshold that glibc takes.
  private static let largestByteCount: Int32 = 32 << 20
  /// As many as are at work.
  private static let keptByteCount: Int32 = 128 << 20

  static func keep() { allocator_keep_large_blocks(largestByteCount, keptByteCount) }
}
