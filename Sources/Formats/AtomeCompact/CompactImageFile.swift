import Basics
import Lineage
import Networks

/// What an ATOMEQ02 file holds.
public struct CompactImageContents: Sendable {
  public var model: CompactModel
  /// The id of what the model was made from.
  public var provenance: ContentID?
  /// Bytes, where the file says nothing.
  public var vocabulary = Vocabulary.bytes
  /// The positions that the student was trained with; nil where the file does not say.
  public var trainedContext: Int?
  /// Of a classifier.
  public var head: LabelHead?
}

/// ATOMEQ02 images: the compact engine's layout. Specified in docs/formats/atome-compact.md.
public enum CompactImageFile {
  public static let magic = Array("ATOMEQ02".utf8)
  public static let version: UInt16 = 1
  static let headerByteCount = 80
  static let vocabularyFlag: UInt16 = 2
  static let rowsFlag: UInt16 = 4
  static let labelsFlag: UInt16 = 8
  /// A bit a token.
  static let rowsByteCount = CompactShape.vocabularySize / 8
  static let rowsInBlock = 8

  /// How many rows a table may have: all, or with a map of rows fewer.
  static func rowCounts(_ flags: UInt16) -> ClosedRange<Int> {
    let all = CompactShape.vocabularySize
    return flags & rowsFlag == 0 ? all...all : 1...all - 1
  }

  /// Whether bytes claim to be such an image.
  public static func claims(_ file: some Sequence<UInt8>) -> Bool { file.starts(with: magic) }

  /// The file's bytes.
  /// - Parameters:
  ///   - model: what the file will hold.
  ///   - vocabulary: the tokens; nothing is written of bytes.
  ///   - trainedContext: the positions that the student was trained with.
  ///   - head: a classifier's labels; nil for a student that speaks.
  ///   - provenance: the id of what the model was made from.
  public static func write(
    _ model: CompactModel, vocabulary: Vocabulary = .bytes, trainedContext: Int? = nil, head: LabelHead? = nil,
    provenance: ContentID?
  ) -> [UInt8] {
    var body = ByteWriter()
    body.write(model.rows)
    body.append(model.table.multipliers)
    body.fillWord()
    body.write(model.table)
    for block in model.blocks { body.write(block) }
    body.writeHead(model.finalNorm)
    body.append(model.finalNorm.gain.map { UInt8(bitPattern: $0) })
    body.fillWord()
    let section = VocabularyFile.write(vocabulary)
    body.append(section)
    if let head { body.append(LabelSection.write(head, logitScale: Double(model.logitScale))) }
    var file = ByteWriter()
    file.writeHeader(
      model, provenance, byteCount: headerByteCount + body.bytes.count + 4, vocabularyByteCount: section.count,
      trainedContext: trainedContext, hasLabels: head != nil)
    file.append(body.bytes)
    file.write(CRC32.checksum(file.bytes))
    return file.bytes
  }
}

// MARK: - Size

extension CompactShape {
  /// Bytes of an ATOMEQ02 image without a vocabulary, of a table with a row for each token.
  public var imageByteCount: Int { imageByteCount(rowCount: Self.vocabularySize) }

  /// Bytes of an ATOMEQ02 image without a vocabulary.
  /// - Parameter rowCount: R, rows of the table.
  public func imageByteCount(rowCount: Int) -> Int {
    let (d, m, f) = (modelWidth, stateWidth, hiddenWidth)
    func words(_ byteCount: Int) -> Int { (byteCount + 3) / 4 * 4 }
    func matrix(_ rows: Int, _ columns: Int) -> Int { 4 * ((rows + 7) / 8) * columns }
    let numbers = words(4 * d + 2 * gateCount + 2 * m + f)
    let block = 44 + numbers + matrix(gateCount + 2 * m, d) + matrix(d, m) + matrix(f, d) + matrix(d, f)
    let map = rowCount < Self.vocabularySize ? CompactImageFile.rowsByteCount : 0
    let table = map + words(rowCount) + matrix(rowCount, d)
    return CompactImageFile.headerByteCount + table + layerCount * block + 8 + words(d) + 4
  }
}

// MARK: - Writing

extension ByteWriter {
  fileprivate mutating func writeHeader(
    _ model: CompactModel, _ provenance: ContentID?, byteCount: Int, vocabularyByteCount: Int, trainedContext: Int?,
    hasLabels: Bool
  ) {
    append(CompactImageFile.magic)
    write(CompactImageFile.version)
    write(
      (vocabularyByteCount > 0 ? CompactImageFile.vocabularyFlag : 0)
        | (model.rows.isWhole ? 0 : CompactImageFile.rowsFlag) | (hasLabels ? CompactImageFile.labelsFlag : 0))
    write(UInt32(truncatingIfNeeded: byteCount))
    for dimension in model.shape.dimensions.prefix(5) + [model.rows.rowCount] {
      write(UInt16(truncatingIfNeeded: dimension))
    }
    write(UInt16(truncatingIfNeeded: vocabularyByteCount))
    write(UInt16(trainedContext.flatMap(AtomeTrailer.sayable) ?? 0))
    append(provenance?.digest ?? [UInt8](repeating: 0, count: 32))
    write(model.logitScale)
    write(model.logitRate.multiplier)
    write(model.logitRate.shift)
    write(UInt8(truncatingIfNeeded: model.embeddingShift))
    write(UInt8(truncatingIfNeeded: model.logitShift))
    write(UInt16(truncatingIfNeeded: model.shape.passCount - 1))
  }

  /// A bit for each token that has a row of its own.
  fileprivate mutating func write(_ rows: TableRows) {
    guard !rows.isWhole else { return }
    var bitmap = [UInt8](repeating: 0, count: CompactImageFile.rowsByteCount)
    for token in UInt8.min...UInt8.max where rows.isOwn(token) { bitmap[Int(token) / 8] |= 1 << (token % 8) }
    append(bitmap)
  }

  fileprivate mutating func writeHead(_ norm: CompactNorm) {
    write(norm.epsilon)
    write(UInt8(truncatingIfNeeded: norm.inputShift))
    write(UInt8(truncatingIfNeeded: norm.outputShift))
    write(UInt16(0))
  }

  private mutating func write(_ requantisation: Requantisation) {
    write(UInt16(truncatingIfNeeded: requantisation.multiplier))
    write(UInt8(truncatingIfNeeded: requantisation.shift))
    write(UInt8(0))
  }

  fileprivate mutating func write(_ block: CompactBlock) {
    writeHead(block.stateNorm)
    writeHead(block.feedForwardNorm)
    for part in [block.writeGate, block.value, block.readGate, block.output, block.hidden, block.down] { write(part) }
    write(UInt8(truncatingIfNeeded: block.biasShift))
    write(UInt8(truncatingIfNeeded: block.readShift))
    write(UInt16(0))
    for numbers in [block.stateNorm.gain, block.feedForwardNorm.gain, block.bias] {
      append(numbers.map { UInt8(bitPattern: $0) })
    }
    let matrices = [block.projections, block.outputMatrix, block.hiddenMatrix, block.downMatrix]
    for matrix in matrices { append(matrix.multipliers) }
    fillWord()
    for matrix in matrices { write(matrix) }
  }

  /// The codes, eight rows in a word.
  fileprivate mutating func write(_ matrix: CompactMatrix) {
    for first in stride(from: 0, to: matrix.rowCount, by: CompactImageFile.rowsInBlock) {
      for column in 0..<matrix.columnCount {
        var word: UInt32 = 0
        for row in 0..<CompactImageFile.rowsInBlock {
          let code = first + row < matrix.rowCount ? matrix.codes[(first + row) * matrix.columnCount + column] : 0
          word |= UInt32(Int(code) + 8) << UInt32(4 * row)
        }
        write(word)
      }
    }
  }

  fileprivate mutating func fillWord() {
    append([UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4))
  }
}
