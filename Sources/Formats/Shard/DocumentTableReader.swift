import Basics

/// Looks documents up in a document table without reading all of it.
public final class DocumentTableReader: Sendable {
  private let file: RandomAccessFile
  public var path: String { file.path }
  public let documentCount: Int
  public let contentByteCount: Int

  /// - Throws: `HintedError` when the file is missing, not of this format, or not as long as its header says.
  public init(_ path: String) throws {
    file = try RandomAccessFile(path)
    let headerByteCount = min(file.byteCount, DocumentTableFormat.headerByteCount)
    var reader = ByteReader(try file.read(at: 0, count: headerByteCount), name: path)
    guard try Array(reader.take(DocumentTableFormat.magic.count, for: "magic")) == DocumentTableFormat.magic else {
      throw HintedError("\(path): not a document table", hint: "shard the documents again")
    }
    let version = try reader.read(UInt32.self, "version")
    let recordByteCount = try reader.read(UInt32.self, "record size")
    guard version == DocumentTableFormat.version, Int(recordByteCount) == DocumentTableFormat.recordByteCount else {
      throw HintedError(
        "\(path): a document table of version \(version) with records of \(recordByteCount) bytes; this program reads "
          + "version \(DocumentTableFormat.version)", hint: "shard the documents again")
    }
    let documentCount = try reader.read(UInt64.self, "document count")
    let recordsByteCount = file.byteCount - DocumentTableFormat.headerByteCount
    guard documentCount == recordsByteCount / DocumentTableFormat.recordByteCount,
      recordsByteCount.isMultiple(of: DocumentTableFormat.recordByteCount)
    else {
      throw HintedError(
        "\(path): \(recordsByteCount) bytes do not hold its \(documentCount) records",
        hint: "the file is truncated; shard the documents again")
    }
    guard let contentByteCount = Int(exactly: try reader.read(UInt64.self, "content size")) else {
      throw HintedError("\(path): the content size is out of range")
    }
    self.documentCount = Int(documentCount)
    self.contentByteCount = contentByteCount
  }

  /// The document at a position in the split, from 0.
  /// - Throws: `HintedError` when the record is not in order.
  public func document(at index: Int) throws -> DocumentSpan {
    guard (0..<documentCount).contains(index) else {
      throw HintedError("\(file.path): no document \(index); there are \(documentCount)")
    }
    let start = try offset(ofDocument: index)
    let end = index + 1 < documentCount ? try offset(ofDocument: index + 1) : contentByteCount
    let digest = try file.read(at: position(ofRecord: index), count: 32)
    guard let id = ContentID(digest: digest), start < end, end <= contentByteCount else {
      throw HintedError("\(file.path): document \(index) spans bytes \(start) to \(end), which is out of order")
    }
    let repeats = try field(UInt32.self, ofDocument: index, at: 40, "repeats")
    guard repeats >= 1 else { throw HintedError("\(file.path): document \(index) was said \(repeats) times") }
    return DocumentSpan(id: id, contentRange: start..<end, repeats: Int(repeats))
  }

  /// The documents that have at least one byte, separators included, in a range of the split's content.
  public func documents(overlapping range: Range<Int>) throws -> [DocumentSpan] {
    guard range.lowerBound < contentByteCount, !range.isEmpty, documentCount > 0 else { return [] }
    var index = try lastDocument(startingAtOrBefore: range.lowerBound)
    var spans: [DocumentSpan] = []
    while index < documentCount {
      let span = try document(at: index)
      guard span.contentRange.lowerBound < range.upperBound else { break }
      spans.append(span)
      index += 1
    }
    return spans
  }

  private func lastDocument(startingAtOrBefore contentOffset: Int) throws -> Int {
    var low = 0
    var high = documentCount
    while high - low > 1 {
      let middle = (low + high) / 2
      if try offset(ofDocument: middle) <= contentOffset { low = middle } else { high = middle }
    }
    return low
  }

  private func offset(ofDocument index: Int) throws -> Int {
    guard let offset = Int(exactly: try field(UInt64.self, ofDocument: index, at: 32, "offset")) else {
      throw HintedError("\(file.path): document \(index)'s offset is out of range")
    }
    return offset
  }

  private func field<Value: PlainInteger>(
    _ type: Value.Type, ofDocument index: Int, at offset: Int, _ name: String
  ) throws -> Value {
    let bytes = try file.read(at: position(ofRecord: index) + offset, count: MemoryLayout<Value>.size)
    var reader = ByteReader(bytes, name: file.path)
    return try reader.read(type, "document \(index)'s \(name)")
  }

  private func position(ofRecord index: Int) -> Int {
    DocumentTableFormat.headerByteCount + index * DocumentTableFormat.recordByteCount
  }
}
