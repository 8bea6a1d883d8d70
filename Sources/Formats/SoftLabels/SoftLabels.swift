import Basics
import Lineage

/// What a teacher says about every token of what is trained on, in the order of the documents: a file beside the chunks
/// or beside a checkpoint. Specified in docs/formats/soft-labels.md.
public struct SoftLabels: Sendable {
  public static let magic = Array("ALMBSOFT".utf8)
  static let version: UInt32 = 1
  static let headerByteCount = 120
  static let digestByteCount = 32

  /// Names the tokens: see `Counter`.
  public let source: ContentID
  /// Nil where tokens are bytes.
  public let vocabulary: ContentID?
  /// Names who says it, and how: see the page.
  public let teacher: ContentID
  /// Of the file.
  public let id: ContentID
  /// The records, one after the other.
  public let records: [UInt8]

  public var count: Int { records.count / SoftLabel.byteCount }

  /// How many tokens the teacher says something about.
  public var labelledCount: Int {
    (0..<count).count { index in
      // The first entry is the likeliest: without units it has none.
      let place = index * SoftLabel.byteCount + SoftLabel.entryCount
      return records[place] != 0 || records[place + 1] != 0
    }
  }

  /// What is said about a token.
  public subscript(_ index: Int) -> SoftLabel {
    let place = index * SoftLabel.byteCount
    return SoftLabel(bytes: records[place..<place + SoftLabel.byteCount]) ?? .none
  }

  public init(source: ContentID, vocabulary: ContentID?, teacher: ContentID, labels: [SoftLabel]) {
    self.init(source: source, vocabulary: vocabulary, teacher: teacher, records: labels.flatMap(\.bytes))
  }

  /// - Parameters:
  ///   - source: the id of the stream of tokens that they are of.
  ///   - vocabulary: what the tokens are; nil for bytes.
  ///   - teacher: the id of what predicted.
  ///   - records: the bytes of labels.
  public init(source: ContentID, vocabulary: ContentID?, teacher: ContentID, records: [UInt8]) {
    self.source = source
    self.vocabulary = vocabulary
    self.teacher = teacher
    self.records = records
    id = ContentID(of: Self.encoded(source, vocabulary, teacher, records))
  }

  /// Names a stream of tokens, which is never held: the documents' tokens, each with the separator behind it, or a
  /// text's training part.
  public struct Counter {
    public private(set) var count = 0
    private var hasher = ContentHasher()

    public init() {}

    public mutating func add(_ tokens: [UInt8]) {
      count += tokens.count
      hasher.update(tokens)
    }

    public var id: ContentID { hasher.id }
  }
}

// MARK: - Bytes

extension SoftLabels {
  /// The file's bytes.
  public var encoded: [UInt8] { Self.encoded(source, vocabulary, teacher, records) }

  private static func encoded(
    _ source: ContentID, _ vocabulary: ContentID?, _ teacher: ContentID, _ records: [UInt8]
  ) -> [UInt8] {
    var writer = ByteWriter()
    writer.append(magic)
    writer.write(version)
    writer.write(UInt32(SoftLabel.byteCount))
    writer.write(UInt64(records.count / SoftLabel.byteCount))
    writer.append(source.digest)
    writer.append(vocabulary?.digest ?? [UInt8](repeating: 0, count: digestByteCount))
    writer.append(teacher.digest)
    writer.append(records)
    return writer.bytes + ContentID(of: writer.bytes).digest
  }

  public func write(to path: String) throws { try AtomicFile.write(encoded, to: path) }

  /// - Throws: `HintedError` for a file that is missing, truncated, altered, or something else.
  public init(readingFrom path: String) throws { try self.init(decoding: try AtomicFile.read(path), name: path) }

  /// Magic, version, size and digest are checked before anything else is believed.
  public init(decoding bytes: [UInt8], name: String) throws {
    var reader = ByteReader(bytes, name: name)
    guard Array(try reader.take(Self.magic.count, for: "magic")) == Self.magic else {
      throw HintedError("\(name): not soft labels: it does not start with 'ALMBSOFT'")
    }
    let version = try reader.read(UInt32.self, "version")
    guard version == Self.version else {
      throw HintedError("\(name): soft labels of version \(version); this program reads version \(Self.version)")
    }
    let size = try reader.read(UInt32.self, "record size")
    guard size == SoftLabel.byteCount else {
      throw HintedError("\(name): records of \(size) bytes; version 1 has \(SoftLabel.byteCount)")
    }
    let count = try reader.read(UInt64.self, "count")
    let bodyCount = bytes.count - Self.headerByteCount - Self.digestByteCount
    let (wanted, overflow) = count.multipliedReportingOverflow(by: UInt64(SoftLabel.byteCount))
    guard !overflow, bodyCount >= 0, wanted == UInt64(bodyCount) else {
      throw HintedError(
        "\(name): \(count) labels say another size than the \(bytes.count) bytes that it has",
        hint: "the file is truncated; remove it, and `alambic train` makes it again")
    }
    let content = bytes[..<(bytes.count - Self.digestByteCount)]
    guard ContentID(of: content).digest == Array(bytes[content.endIndex...]) else {
      throw HintedError(
        "\(name): the SHA-256 at the end does not match: the file is altered",
        hint: "remove it, and `alambic train` makes it again")
    }
    try self.init(fields: &reader, recordByteCount: bodyCount)
  }

  private init(fields reader: inout ByteReader, recordByteCount: Int) throws {
    func digest(_ field: String) throws -> ContentID? {
      let bytes = Array(try reader.take(Self.digestByteCount, for: field))
      return bytes.allSatisfy { $0 == 0 } ? nil : ContentID(digest: bytes)
    }
    let (source, vocabulary, teacher) = (try digest("tokens"), try digest("vocabulary"), try digest("teacher"))
    guard let source, let teacher else {
      throw HintedError("\(reader.name): soft labels that name neither tokens nor teacher")
    }
    let records = Array(try reader.take(recordByteCount, for: "labels"))
    for place in stride(from: 0, to: records.count, by: SoftLabel.byteCount)
    where SoftLabel(bytes: records[place..<place + SoftLabel.byteCount]) == nil {
      throw HintedError("\(reader.name): label \(place / SoftLabel.byteCount) is none: its probabilities contradict")
    }
    self.init(source: source, vocabulary: vocabulary, teacher: teacher, records: records)
  }
}

extension SoftLabels {
  /// - Throws: `HintedError` where these are labels of other tokens.
  public func check(source: ContentID, count: Int, vocabulary: Vocabulary) throws {
    guard self.vocabulary == vocabulary.id else {
      throw HintedError(
        "the soft labels are of the vocabulary \(self.vocabulary?.short ?? "of bytes"), the run's is "
          + "\(vocabulary.id?.short ?? "that of bytes")", hint: "a teacher shares its student's tokens")
    }
    guard self.source == source, self.count == count else {
      throw HintedError(
        "the soft labels are of \(self.count) tokens (\(self.source.short)), the run trains on \(count) "
          + "(\(source.short))", hint: "remove them, and `alambic train` makes them for this text")
    }
  }
}
