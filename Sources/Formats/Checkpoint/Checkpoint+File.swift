import Basics
import Lineage

extension Checkpoint {
  /// The file's first eight bytes.
  public static let magic: [UInt8] = Array("ALMBCKPT".utf8)
  static let version: UInt32 = 1
  /// Magic, version and header length.
  static let preludeByteCount = 16
  static let digestByteCount = 32
  /// Far more than any header needs; a longer one is damage.
  static let headerByteLimit = 1 << 20

  /// The file's bytes.
  public func encoded() throws -> [UInt8] {
    let header = try CanonicalJSON.encode(CheckpointHeader(self))
    var writer = ByteWriter()
    writer.append(Self.magic)
    writer.write(Self.version)
    writer.write(UInt32(header.count))
    writer.append(header)
    for vector in [parameters, firstMoment, secondMoment] {
      vector.map(\.bitPattern.littleEndian).withUnsafeBytes { writer.append($0) }
    }
    writer.write(generator.state)
    writer.append(ContentID(of: writer.bytes).digest)
    return writer.bytes
  }

  /// Writes the file; a crash leaves the old one or the new one.
  public func write(to path: String) throws { try AtomicFile.write(try encoded(), to: path) }

  /// Reads a file.
  /// - Throws: `HintedError` for a missing, truncated, altered or foreign file.
  public init(readingFrom path: String) throws {
    try self.init(decoding: try AtomicFile.read(path), name: path)
  }

  /// Reads the file's bytes; `name` stands in messages.
  public init(decoding bytes: [UInt8], name: String) throws {
    let header = try Self.verifiedHeader(bytes, name)
    var reader = ByteReader(bytes, name: name, offset: Self.preludeByteCount + header.byteCount)
    let count = ParameterLayout(header.value.shape).count
    let parameters = try reader.readFloats(count, "parameters")
    let firstMoment = try reader.readFloats(count, "first moments")
    let secondMoment = try reader.readFloats(count, "second moments")
    let state = try reader.read(UInt64.self, "generator state")
    guard reader.remainingCount == Self.digestByteCount else {
      throw HintedError("\(name): \(reader.remainingCount) bytes follow the tensors, not a digest's 32")
    }
    self.init(
      shape: header.value.shape, settings: header.value.settings, dataID: header.value.data,
      step: header.value.step, generator: SeededGenerator(seed: state), parameters: parameters,
      firstMoment: firstMoment, secondMoment: secondMoment)
  }

  /// Checks magic, version and digest before anything else is believed, then the header.
  private static func verifiedHeader(
    _ bytes: [UInt8], _ name: String
  ) throws -> (value: CheckpointHeader, byteCount: Int) {
    var reader = ByteReader(bytes, name: name)
    guard Array(try reader.take(magic.count, for: "magic")) == magic else {
      throw HintedError("\(name): not a checkpoint: it does not start with 'ALMBCKPT'")
    }
    let version = try reader.read(UInt32.self, "version")
    guard version == Self.version else {
      throw HintedError(
        "\(name): checkpoint version \(version); this program reads version \(Self.version)",
        hint: "use the release that wrote it")
    }
    let byteCount = Int(try reader.read(UInt32.self, "header length"))
    guard byteCount <= headerByteLimit else {
      throw HintedError("\(name): a header of \(byteCount) bytes; the limit is \(headerByteLimit)")
    }
    try checkDigest(bytes, name)
    let text = Array(try reader.take(byteCount, for: "header"))
    return (try header(text, name), byteCount)
  }

  private static func checkDigest(_ bytes: [UInt8], _ name: String) throws {
    let bodyCount = bytes.count - digestByteCount
    guard bodyCount >= preludeByteCount, ContentID(of: bytes[..<bodyCount]).digest == Array(bytes[bodyCount...])
    else {
      throw HintedError(
        "\(name): the SHA-256 at the end does not match: the file is truncated or altered",
        hint: "go back to an earlier checkpoint or train again; the same settings give the same bytes")
    }
  }

  private static func header(_ text: [UInt8], _ name: String) throws -> CheckpointHeader {
    let header: CheckpointHeader
    do {
      header = try CanonicalJSON.decode(CheckpointHeader.self, from: text)
    } catch {
      throw HintedError("\(name): its JSON header cannot be read: \(error)")
    }
    try header.shape.validate()
    try header.settings.validate()
    guard header.schema == CheckpointHeader.schema, (0...header.settings.stepCount).contains(header.step),
      header.tensors == CheckpointHeader.tensors(of: header.shape)
    else { throw HintedError("\(name): its header contradicts itself") }
    return header
  }
}
