import Basics

/// Reads the tar archives that `TarWriter` writes, and nothing else: a link, a folder, a path that leads elsewhere, or
/// a single bit outside the files' contents that is not as written is refused.
public enum TarReader {
  /// All files of an archive, in its order.
  /// - Parameters:
  ///   - archive: its bytes.
  ///   - name: the archive's path, for messages.
  /// - Throws: `HintedError` that names the entry and what is wrong.
  public static func read(_ archive: [UInt8], name: String) throws -> [BundleFile] {
    var reader = ByteReader(archive, name: name)
    var files: [BundleFile] = []
    var paths: Set<String> = []
    while true {
      let offset = reader.offset
      let block = Array(try reader.take(TarFormat.blockByteCount, for: "the header of entry \(files.count)"))
      if block.allSatisfy({ $0 == 0 }) { break }
      let (path, byteCount) = try entry(block, place: "\(name): entry \(files.count) at byte \(offset)")
      guard paths.insert(path).inserted else { throw HintedError("\(name): two entries are named '\(path)'") }
      let bytes = Array(try reader.take(byteCount, for: "'\(path)'"))
      try expectZeros(&reader, TarFormat.paddingByteCount(after: byteCount), "behind '\(path)'")
      files.append(BundleFile(path: path, bytes: bytes))
    }
    try expectZeros(&reader, TarFormat.blockByteCount, "in the archive's last block")
    guard reader.remainingCount == 0 else {
      throw HintedError("\(name): \(reader.remainingCount) bytes follow the archive's end")
    }
    return files
  }

  private static func entry(_ block: [UInt8], place: String) throws -> (path: String, byteCount: Int) {
    let hint = "the archive is damaged, or alambic did not write it"
    let path = String(decoding: block.prefix(TarFormat.nameByteCount).prefix { $0 != 0 }, as: UTF8.self)
    guard octal(block[TarFormat.checksumRange.prefix(6)]) == TarFormat.checksum(of: block) else {
      throw HintedError("\(place): the checksum of the header of '\(path)' does not match", hint: hint)
    }
    if let violation = BundlePath.violation(of: path) {
      throw HintedError("\(place): the path '\(path)' is refused: \(violation)", hint: hint)
    }
    guard let byteCount = octal(block[124..<135]) else {
      throw HintedError("\(place): the size is not an octal number", hint: hint)
    }
    // One comparison for type, owner, time and all else that is fixed.
    guard block == TarFormat.header(name: path, byteCount: byteCount) else {
      throw HintedError("\(place): '\(path)' is not a plain file of mode 0644, owner 0 and time 0", hint: hint)
    }
    return (path, byteCount)
  }

  private static func octal(_ digits: ArraySlice<UInt8>) -> Int? {
    guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) }) else { return nil }
    return digits.reduce(0) { $0 << 3 | Int($1 - UInt8(ascii: "0")) }
  }

  private static func expectZeros(_ reader: inout ByteReader, _ count: Int, _ place: String) throws {
    guard try reader.take(count, for: "the padding \(place)").allSatisfy({ $0 == 0 }) else {
      throw HintedError("\(reader.name): the padding \(place) is not zero")
    }
  }
}
