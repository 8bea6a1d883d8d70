import Basics
import Foundation
import Lineage
import Networks

/// Writes GPTINT01 images, specified in docs/formats/gpt-integer.md; the C engine reads them in place.
public enum GPTImageFile {
  public static let magic = Array("GPTINT01".utf8)
  static let version: UInt16 = 1
  static let headerByteCount = 80
  static let tableByteCount = 256
  static let layerHeadByteCount = 40
  static let checksumByteCount = 4
  /// Rows of a block of 4-bit codes.
  static let blockRowCount = 8
  /// So that no weighted sum of values passes 2^30.
  public static let contextLimit = 512
  /// Of a tied table's rows; more would leave nothing of them.
  public static let largestEmbeddingShift = 24

  public static func write(
    _ model: GPTIntegerModel, vocabulary: Vocabulary = .bytes, source: ContentID? = nil
  ) -> [UInt8] {
    let section = VocabularyFile.write(vocabulary)
    var file = ByteWriter()
    file.writeHeader(model, vocabularyByteCount: section.count, source: source)
    for value in model.gelu { file.write(value) }
    file.write(model.embedding, model.width)
    file.write(model.positions, model.width)
    for layer in model.layers { file.write(layer, model.width) }
    file.writeNumbers(model.finalNorm)
    if let unembedding = model.unembedding { file.write(unembedding, model.width) }
    file.append(section)
    file.write(CRC32.checksum(file.bytes))
    return file.bytes
  }

  /// Of an image without a vocabulary. The shape's context is the number of its positions.
  public static func byteCount(of shape: GPTShape, _ width: GPTWeightWidth) -> Int {
    let (d, f) = (shape.modelWidth, shape.feedForwardWidth)
    func matrix(_ rows: Int, _ columns: Int) -> Int {
      let multipliers = 2 * rows.roundedUp(toMultipleOf: 2)
      switch width {
      case .four: return multipliers + rows.roundedUp(toMultipleOf: blockRowCount) / 2 * columns
      case .eight: return multipliers + rows * columns.roundedUp(toMultipleOf: 4)
      }
    }
    let norm = 2 * d.roundedUp(toMultipleOf: 4)
    let layer = layerHeadByteCount + 2 * norm + matrix(3 * d, d) + matrix(d, d) + matrix(f, d) + matrix(d, f)
    let tables = (shape.isTied ? 1 : 2) * matrix(GPTShape.vocabularySize, d) + matrix(shape.contextLength, d)
    return headerByteCount + tableByteCount + tables + shape.layerCount * layer + norm + checksumByteCount
  }
}

// MARK: - Writing

extension ByteWriter {
  fileprivate mutating func writeHeader(
    _ model: GPTIntegerModel, vocabularyByteCount: Int, source: ContentID?
  ) {
    let shape = model.shape
    append(GPTImageFile.magic)
    write(GPTImageFile.version)
    write(UInt16((model.width == .four ? 1 : 0) | (vocabularyByteCount > 0 ? 2 : 0) | (shape.isTied ? 4 : 0)))
    write(UInt32(GPTImageFile.byteCount(of: shape, model.width) + vocabularyByteCount))
    for number in [
      shape.modelWidth, shape.layerCount, shape.headCount, shape.feedForwardWidth, shape.contextLength,
      GPTShape.vocabularySize, vocabularyByteCount, Int(model.embeddingShift),
    ] { write(UInt16(truncatingIfNeeded: number)) }
    append(source?.digest ?? [UInt8](repeating: 0, count: 32))
    write(model.logitScale)
    writeHead(model.finalNorm)
    write(model.logits)
    write(UInt16(0))
  }

  private mutating func write(_ scaling: RowScaling) {
    write(UInt8(scaling.pre))
    write(UInt8(scaling.shift))
  }

  private mutating func writeHead(_ norm: GPTIntegerNorm) {
    for shift in [norm.inputShift, norm.outputShift, norm.biasShift, 0] { write(UInt8(shift)) }
    write(norm.epsilon)
  }

  fileprivate mutating func writeNumbers(_ norm: GPTIntegerNorm) {
    for numbers in [norm.gain, norm.bias] {
      for number in numbers { write(number) }
      fillWord()
    }
  }

  fileprivate mutating func write(_ layer: GPTIntegerLayer, _ width: GPTWeightWidth) {
    writeHead(layer.attentionNorm)
    writeHead(layer.feedForwardNorm)
    for scaling in layer.scalings { write(scaling) }
    write(layer.attention.limit)
    write(layer.attention.multiplier)
    write(UInt8(layer.attention.shift))
    write(UInt8(layer.attention.mixShift))
    write(layer.attention.mixGain)
    write(UInt16(0))
    writeNumbers(layer.attentionNorm)
    writeNumbers(layer.feedForwardNorm)
    for matrix in [layer.projection, layer.output, layer.feedForwardInput, layer.feedForwardOutput] {
      write(matrix, width)
    }
  }

  fileprivate mutating func write(_ matrix: GPTIntegerMatrix, _ width: GPTWeightWidth) {
    for multiplier in matrix.multipliers { write(multiplier) }
    fillWord()
    if width == .four { return writeBlocks(matrix) }
    for row in 0..<matrix.rowCount {
      for code in matrix.codes[row * matrix.columnCount..<(row + 1) * matrix.columnCount] { write(code) }
      fillWord()
    }
  }

  /// Eight rows side by side: a word a column, four bits a row, the first in the lowest. Missing rows are zeros.
  private mutating func writeBlocks(_ matrix: GPTIntegerMatrix) {
    let (rows, columns) = (matrix.rowCount, matrix.columnCount)
    for first in stride(from: 0, to: rows, by: GPTImageFile.blockRowCount) {
      for column in 0..<columns {
        var word: UInt32 = 0
        for row in 0..<GPTImageFile.blockRowCount {
          let code = first + row < rows ? Int(matrix.codes[(first + row) * columns + column]) : 0
          word |= UInt32(code + 8) << UInt32(4 * row)
        }
        write(word)
      }
    }
  }

  private mutating func fillWord() {
    while !bytes.count.isMultiple(of: 4) { write(UInt8(0)) }
  }
}

extension Int {
  fileprivate func roundedUp(toMultipleOf factor: Int) -> Int { (self + factor - 1) / factor * factor }
}
