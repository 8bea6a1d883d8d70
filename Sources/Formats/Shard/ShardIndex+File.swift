import Basics

extension ShardIndex {
  /// 16 MiB: tens of thousands of shards.
  static let largestFile = 16 << 20

  /// Reads and checks an index.
  /// - Parameter path: the path of an `index.json`.
  /// - Throws: `HintedError` when it is missing, too large, no JSON, or breaks a rule.
  public init(readFrom path: String) throws {
    let file = try RandomAccessFile(path)
    guard file.byteCount <= Self.largestFile else {
      throw HintedError("\(path): \(file.byteCount) bytes; an index has at most \(Self.largestFile)")
    }
    let bytes = try file.read(at: 0, count: file.byteCount)
    self = try CanonicalJSON.decode(ShardIndex.self, from: bytes, named: path)
    try checkInvariants(name: path)
  }

  /// Writes the index into a shard set's folder; it comes last, since its presence says that the set is whole.
  public func write(toFolder folder: String) throws {
    let path = "\(folder)/\(Self.fileName)"
    try checkInvariants(name: path)
    try AtomicFile.write(try CanonicalJSON.pretty(self), to: path)
  }
}
