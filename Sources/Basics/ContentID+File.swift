extension ContentID {
  /// The id of a file's bytes, read piece by piece, so that its size does not matter.
  /// - Throws: `HintedError` when the file is missing or cannot be read.
  public init(ofFile path: String) throws {
    self = try RandomAccessFile(path).contentID()
  }
}

extension RandomAccessFile {
  /// The id of the whole file's bytes, read a mebibyte at a time.
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
