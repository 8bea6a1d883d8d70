import Basics
import Lineage
import Networks

/// What an ATOMEQ01 file holds.
public struct IntegerImageContents: Sendable {
  public var model: IntegerModel
  /// The id of what the model was made from.
  public var provenance: ContentID?
  /// Bytes, where the file says nothing.
  public var vocabulary = Vocabulary.bytes
  /// The positions that the student was trained with; nil where the file does not say.
  public var trainedContext: Int?
}

/// ATOMEQ01 images: the all-integer engine's layout. Specified in docs/formats/atome-integer.md.
public enum IntegerImageFile {
  public static let magic = Array("ATOMEQ01".utf8)
  public static let version: UInt16 = 2
  static let headerByteCount = 128
  static let narrowCacheFlag: UInt16 = 1
  static let vocabularyFlag: UInt16 = 2

  /// Whether bytes claim to be such an image.
  public static func claims(_ file: some Sequence<UInt8>) -> Bool { file.starts(with: magic) }

  /// The file's bytes.
  /// - Parameters:
  ///   - model: what the file will hold.
  ///   - vocabulary: the tokens; nothing is written of bytes.
  ///   - trainedContext: the positions that the student was trained with.
  ///   - provenance: the id of what the model was made from.
  public static func write(
    _ model: IntegerModel, vocabulary: Vocabulary = .bytes, trainedContext: Int? = nil, provenance: ContentID?
  ) -> [UInt8] {
    var body = ByteWriter()
    body.writeEmbedding(model)
    for layer in model.layers { body.write(layer, shape: model.shape) }
    body.writeHead(model.finalNorm)
    body.writeNumbers(model.finalNorm)
    body.append(TernaryCodes.product(model.unembedding, columnCount: model.shape.modelWidth))
    let section = VocabularyFile.write(vocabulary)
    body.append(section)
    var file = ByteWriter()
    file.writeHeader(
      model, provenance, byteCount: headerByteCount + body.bytes.count + 4, vocabularyByteCount: section.count,
      trainedContext: trainedContext)
    file.append(body.bytes)
    file.write(CRC32.checksum(file.bytes))
    return file.bytes
  }
}

// MARK: - Writing

extension ByteWriter {
  fileprivate mutating func writeHeader(
    _ model: IntegerModel, _ provenance: ContentID?, byteCount: Int, vocabularyByteCount: Int, trainedContext: Int?
  ) {
    append(IntegerImageFile.magic)
    write(IntegerImageFile.version)
    write(
      (model.cache == .int8 ? IntegerImageFile.narrowCacheFlag : 0)
        | (vocabularyByteCount > 0 ? IntegerImageFile.vocabularyFlag : 0))
    write(UInt32(truncatingIfNeeded: byteCount))
    for dimension in model.shape.dimensions + [AtomeShape.vocabularySize] {
      write(UInt16(truncatingIfNeeded: dimension))
    }
    write(UInt16(truncatingIfNeeded: vocabularyByteCount))
    write(UInt16(trainedContext.flatMap(AtomeTrailer.sayable) ?? 0))
    append(provenance?.digest ?? [UInt8](repeating: 0, count: 32))
    write(model.embeddingMagnitude)
    write(model.logitScale)
    write(model.logitRate.multiplier)
    write(model.logitRate.shift)
    fill(to: IntegerImageFile.headerByteCount)
  }

  fileprivate mutating func writeEmbedding(_ model: IntegerModel) {
    append(TernaryCodes.rows(model.embedding, columnCount: model.shape.modelWidth))
  }

  fileprivate mutating func write(_ layer: IntegerLayer, shape: AtomeShape) {
    writeHead(layer.norm)
    for requantisation in [layer.query, layer.key, layer.value] {
      write(requantisation.multiplier)
      write(requantisation.shift)
    }
    write(layer.routerRate)
    write(layer.scoreRate)
    for number in [layer.localGain, layer.valueGain, layer.valueShift, layer.mixShift] { write(number) }
    writeNumbers(layer.norm)
    for channel in 0..<shape.modelWidth {
      write(layer.decay[channel])
      write(layer.inputGain[channel])
      write(layer.outputGain[channel])
    }
    fillWord()
    for trit in layer.convolution { write(trit) }
    fillWord()
    append(TernaryCodes.product(layer.projection, columnCount: shape.modelWidth))
  }

  fileprivate mutating func writeHead(_ norm: IntegerNorm) {
    write(norm.inputShift)
    write(norm.epsilon)
    write(norm.outputShift)
  }

  fileprivate mutating func writeNumbers(_ norm: IntegerNorm) {
    for gain in norm.gain { write(gain) }
    fillWord()
    for bias in norm.bias { write(bias) }
  }

  fileprivate mutating func write(_ rate: OctaveRate) {
    for number in [rate.limit, rate.preShift, rate.multiplier, rate.shift] { write(number) }
  }

  private mutating func fill(to count: Int) { append([UInt8](repeating: 0, count: max(0, count - bytes.count))) }

  private mutating func fillWord() { fill(to: (bytes.count + 3) / 4 * 4) }
}
