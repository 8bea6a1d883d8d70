import Basics

/// Where one document lies in its split's content.
public struct DocumentSpan: Hashable, Sendable {
  public var id: ContentID
  /// The text and the separator behind it.
  public var contentRange: Range<Int>
  /// How often it was said.
  public var repeats: Int

  public init(id: ContentID, contentRange: Range<Int>, repeats: Int = 1) {
    self.id = id
    self.contentRange = contentRange
    self.repeats = repeats
  }
}

/// The layout of a document table, `train.documents`: a header, then one record of fixed size a document, so that a
/// chunk's documents are found by bisection. Specified in docs/formats/shard.md.
enum DocumentTableFormat {
  static let magic = Array("ALMBDOCS".utf8)
  static let version: UInt32 = 2
  static let headerByteCount = 32
  /// A SHA-256, a u64 offset and a u32 count.
  static let recordByteCount = 44
}

/// Builds a document table in memory.
public struct DocumentTableWriter {
  /// The format's version.
  public static let version = Int(DocumentTableFormat.version)

  private var records = ByteWriter()
  public private(set) var documentCount = 0
  public private(set) var contentByteCount = 0

  public init() {}

  /// - Parameters:
  ///   - id: of the document.
  ///   - byteCount: the text's bytes and its separator.
  ///   - repeats: how often the text was said.
  public mutating func append(_ id: ContentID, byteCount: Int, repeats: Int = 1) {
    records.append(id.digest)
    records.write(UInt64(contentByteCount))
    records.write(UInt32(clamping: repeats))
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
