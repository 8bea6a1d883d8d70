import Basics
import Networks

/// The 104 bytes that Alambic appends to a body: what the body's layout does not say.
/// Specified in docs/formats/atome.md.
public struct AtomeTrailer: Hashable, Sendable {
  public static let magic = Array("ATOMETRL".utf8)
  public static let version: UInt16 = 1
  public static let byteCount = 104

  public var shape: AtomeShape
  /// Bytes of the body, its 7-byte magic included.
  public var bodyByteCount: Int
  /// Whether a vocabulary stands between the body and this.
  public var hasVocabulary: Bool
  /// The positions that the student was trained with; nil where nobody said.
  public var trainedContext: Int?
  /// SHA-256 of the body, and of the vocabulary behind it.
  public var bodyID: ContentID
  public var bodyChecksum: UInt32
  /// What the body was made from: a checkpoint's id. Nil when unknown.
  public var provenance: ContentID?

  /// The largest context that has a place in the flags; integer images have the same limit.
  public static let largestTrainedContext = 32_767

  /// The context where an image can say it, else nil.
  static func sayable(_ context: Int) -> Int? { (1...largestTrainedContext).contains(context) ? context : nil }

  /// The trailer that describes a body.
  /// - Parameters:
  ///   - body: the image's bytes, from its magic to its last tensor.
  ///   - vocabulary: the section behind it; empty for none.
  ///   - shape: the model's.
  ///   - trainedContext: the positions that the student was trained with; left out where an image cannot say it.
  ///   - provenance: the id of what the model was made from.
  public init(
    describing body: [UInt8], vocabulary: [UInt8] = [], shape: AtomeShape, trainedContext: Int? = nil,
    provenance: ContentID?
  ) {
    self.shape = shape
    self.provenance = provenance
    self.trainedContext = trainedContext.flatMap(Self.sayable)
    hasVocabulary = !vocabulary.isEmpty
    bodyByteCount = body.count
    bodyID = ContentID(of: body + vocabulary)
    bodyChecksum = CRC32.checksum(body + vocabulary)
  }

  private var flags: UInt16 { UInt16(trainedContext ?? 0) << 1 | (hasVocabulary ? 1 : 0) }

  public var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.append(Self.magic)
    writer.write(Self.version)
    writer.write(flags)
    writer.write(UInt32(truncatingIfNeeded: bodyByteCount))
    for dimension in shape.dimensions + [AtomeShape.vocabularySize] {
      writer.write(UInt16(truncatingIfNeeded: dimension))
    }
    writer.write(bodyChecksum)
    writer.append(bodyID.digest)
    writer.append(provenance?.digest ?? [UInt8](repeating: 0, count: 32))
    writer.write(CRC32.checksum(writer.bytes))
    writer.write(UInt32(Self.byteCount))
    return writer.bytes
  }
}

// MARK: - Reading

extension AtomeTrailer {
  /// Whether a file ends in something that claims to be a trailer: its magic at the right place.
  static func isPresent(in file: [UInt8]) -> Bool {
    file.count >= byteCount && file.suffix(byteCount).starts(with: magic)
  }

  /// Reads the trailer at the end of `file`, and checks it against the body, and the vocabulary, before it.
  /// - Throws: `HintedError` for a damaged trailer or body, or a version from the future.
  init(readingEndOf file: [UInt8], packing: AtomePacking, name: String) throws {
    guard Self.isPresent(in: file) else {
      throw HintedError("\(name) does not end in a trailer")
    }
    let bytes = Array(file.suffix(Self.byteCount))
    var reader = ByteReader(bytes, name: "\(name), trailer")
    _ = try reader.take(Self.magic.count, for: "magic")
    let version = try reader.read(UInt16.self, "version")
    guard version == Self.version else {
      throw HintedError(
        "\(name): the trailer has version \(version), this program reads \(Self.version)",
        hint: "use the version of Alambic that wrote it")
    }
    guard CRC32.checksum(bytes[..<96]) == Self.littleEndian(bytes[96..<100]),
      Self.littleEndian(bytes[100..<104]) == UInt32(Self.byteCount)
    else { throw Self.damaged(name, "the trailer's checksum does not match") }
    let flags = try reader.read(UInt16.self, "flags")
    hasVocabulary = flags & 1 != 0
    trainedContext = flags >> 1 == 0 ? nil : Int(flags >> 1)
    bodyByteCount = Int(try reader.read(UInt32.self, "body byte count"))
    let dimensions = try (0..<6).map { _ in Int(try reader.read(UInt16.self, "shape")) }
    shape = try AtomeShape(dimensions: Array(dimensions.prefix(5)))
    bodyChecksum = try reader.read(UInt32.self, "body checksum")
    let bodyDigest = try reader.take(32, for: "SHA-256 of the body")
    let origin = try reader.take(32, for: "provenance")
    guard dimensions[5] == AtomeShape.vocabularySize, let bodyID = ContentID(digest: bodyDigest) else {
      throw Self.damaged(name, "the vocabulary is \(dimensions[5]), not \(AtomeShape.vocabularySize)")
    }
    self.bodyID = bodyID
    provenance = origin.allSatisfy { $0 == 0 } ? nil : ContentID(digest: origin)
    try checkBody(file.dropLast(Self.byteCount), packing, name)
  }

  private func checkBody(_ body: ArraySlice<UInt8>, _ packing: AtomePacking, _ name: String) throws {
    let needed = packing.bodyByteCount(of: shape)
    guard bodyByteCount == needed, hasVocabulary ? body.count > needed : body.count == needed,
      body.count <= needed + VocabularyFile.byteLimit
    else {
      throw Self.damaged(
        name, "the body has \(body.count) bytes; the trailer says \(bodyByteCount), its shape \(needed)")
    }
    guard CRC32.checksum(body) == bodyChecksum, ContentID(of: Array(body)) == bodyID else {
      throw Self.damaged(name, "the body's checksum does not match")
    }
  }

  private static func damaged(_ name: String, _ what: String) -> HintedError {
    HintedError("\(name) is damaged: \(what)", hint: "export or fetch the file again")
  }

  private static func littleEndian(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}
