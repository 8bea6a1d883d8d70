import Crypto

/// A content id computed piece by piece, for what need not be in memory at once.
public struct ContentHasher: Sendable {
  private var function = SHA256()

  public init() {}

  public mutating func update(_ bytes: [UInt8]) { function.update(data: bytes) }

  /// The id of all bytes so far; more may follow.
  public var id: ContentID { ContentID(function.finalize()) }
}

extension ContentID {
  fileprivate init(_ digest: SHA256Digest) { self.init(hexDigits: digest.hexString) }

  /// The id of a file's bytes, read a mebibyte at a time.
  /// - Throws: `HintedError` when the file is missing or cannot be read.
  public init(ofFile path: String) throws {
    self = try RandomAccessFile(path).contentID()
  }
}

extension RandomAccessFile {
  /// The id of the whole file's bytes.
  public func contentID() throws -> ContentID {
    var hasher = ContentHasher()
    var offset = 0
    while offset < byteCount {
      let count = min(1 << 20, byteCount - offset)
      hasher.update(try read(at: offset, count: count))
      offset += count
    }
    return hasher.id
  }
}
