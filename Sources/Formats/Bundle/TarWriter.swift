import Basics

/// Writes a plain tar archive in memory; equal files in equal order are equal bytes.
public struct TarWriter {
  private var archive: [UInt8] = []
  private var paths: Set<String> = []

  public init() {}

  /// - Throws: `HintedError` for a path that no bundle may hold, one that is there already, or a file of 8 GiB.
  public mutating func append(_ file: BundleFile) throws {
    if let violation = BundlePath.violation(of: file.path) {
      throw HintedError("'\(file.path)' cannot be a path in an archive: \(violation)", hint: "rename the file")
    }
    guard paths.insert(file.path).inserted else {
      throw HintedError("two files of the archive are named '\(file.path)'", hint: "rename one of them")
    }
    guard file.bytes.count < 1 << 33 else { throw HintedError("'\(file.path)' is larger than a tar archive can say") }
    archive += TarFormat.header(name: file.path, byteCount: file.bytes.count)
    archive += file.bytes
    archive += Array(repeating: 0, count: TarFormat.paddingByteCount(after: file.bytes.count))
  }

  /// The archive with its end: two blocks of zeros.
  public func finish() -> [UInt8] {
    archive + Array(repeating: 0, count: 2 * TarFormat.blockByteCount)
  }
}
