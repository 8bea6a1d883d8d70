import Basics
import Lineage
import Networks

extension TrainingCheckpoint {
  /// The file's first eight bytes.
  public static var magic: [UInt8] { CheckpointFile.magic }
  /// The file's bytes.
  public func encoded() throws -> [UInt8] {
    let header = try CanonicalJSON.encode(CheckpointHeader(self))
    var writer = ByteWriter()
    writer.append(Self.magic)
    writer.write(CheckpointFile.version)
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
    let text = try CheckpointFile.verifiedHeader(bytes, name)
    let header = try Self.header(text, name)
    var reader = ByteReader(bytes, name: name, offset: CheckpointFile.preludeByteCount + text.count)
    let count = Shape.Layout(header.shape).count
    let parameters = try reader.readFloats(count, "parameters")
    let firstMoment = try reader.readFloats(count, "first moments")
    let secondMoment = try reader.readFloats(count, "second moments")
    let state = try reader.read(UInt64.self, "generator state")
    guard reader.remainingCount == CheckpointFile.digestByteCount else {
      throw HintedError("\(name): \(reader.remainingCount) bytes follow the tensors, not a digest's 32")
    }
    self.init(
      shape: header.shape, settings: header.settings, vocabulary: try header.vocabulary(in: name),
      dataID: header.data,
      step: header.step, generator: SeededGenerator(seed: state), parameters: parameters,
      firstMoment: firstMoment, secondMoment: secondMoment)
  }

  private static func header(_ text: [UInt8], _ name: String) throws -> CheckpointHeader<Shape> {
    try CheckpointFile.check(Shape.architecture, text, name)
    let header: CheckpointHeader<Shape>
    do {
      header = try CanonicalJSON.decode(CheckpointHeader<Shape>.self, from: text)
    } catch {
      throw HintedError("\(name): its JSON header cannot be read: \(error)")
    }
    try header.shape.validate()
    try header.settings.validate()
    guard header.schema == CheckpointHeader<Shape>.schema, (0...header.settings.stepCount).contains(header.step),
      header.tensors == CheckpointHeader<Shape>.tensors(of: header.shape)
    else { throw HintedError("\(name): its header contradicts itself") }
    return header
  }
}

extension CheckpointHeader {
  fileprivate func vocabulary(in name: String) throws -> Vocabulary {
    guard let digits = vocabulary else { return .bytes }
    guard let section = [UInt8](hexString: digits), !section.isEmpty else {
      throw HintedError("\(name): its vocabulary is not written in hexadecimal digits")
    }
    return try VocabularyFile.read(section, name: name)
  }
}
