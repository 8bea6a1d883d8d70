import Foundation

/// Tells glibc's allocator to keep blocks of some megabytes, which curation takes and gives back by the thousand: else
/// each of them is mapped and cleared anew, a quarter of the time.
enum LargeBlocks {
  static func keep() {
    #if canImport(Glibc)
      // The largest threshold that it takes, and room for as many blocks as are at work.
      _ = mallopt(M_MMAP_THRESHOLD, 32 << 20)
      _ = mallopt(M_TRIM_THRESHOLD, 128 << 20)
    #endif
  }
}
