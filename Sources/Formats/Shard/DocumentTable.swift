import Basics

/// Where one document lies in its split's content.
public struct DocumentSpan: Hashable, Sendable {
  public var id: ContentID
  /// The text and the separator behind it.
  public var contentRange: Range<Int>

  public init(id: ContentID, contentRange: Range<Int>) {
    self.id = id
    self.contentRange = contentRange
  }
}

/// The layout of a document table, `train.documents`: a header, then one record of fixed size a document, so that a
/// chunk's documents are found by bisection. Specified in docs/formats/shard.md.
enum DocumentTableFormat {
  static let magic = Array("ALMBDOCS".utf8)
  static let version: UInt32 = 1
  static let headerByteCount = 32
  /// A SHA-256 and a u64 offset.
  static let recordByteCount = 40
}

/// Builds a document table in memory.
public struct DocumentTableWriter {
  private var records = ByteWriter()
  public private(set) var documentCount = 0
  public private(set) var contentByteCount = 0

  public init() {}

  /// - Parameter byteCount: the text's bytes and its separator.
  public mutating func append(_ id: ContentID, byteCount: Int) {
    records.append(id.digest)
    records.write(UInt64(contentByteCount))
    documentCount += 1
    contentByteCount += byteCount
  }

  /// The whole file.
  public var bytes: [UInt8] {
    var header = ByteWriter()
    header.append(DocumentTableFormat.magic)
    header.write(DocumentTableFormat.version)
    header.write(UInt32(DocumentTableFormat.recordByteCount))
    header.write(UInt64(documentCount))
    header.write(UInt64(contentByteCount))
    return header.bytes + records.bytes
  }
}
