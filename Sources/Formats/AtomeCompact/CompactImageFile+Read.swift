import Basics
import Lineage
import Networks

extension CompactImageFile {
  /// Reads and checks a file.
  /// - Parameters:
  ///   - file: its bytes.
  ///   - name: for messages: the file's path.
  /// - Throws: `HintedError` that says what is wrong, where, and what to do.
  public static func read(_ file: [UInt8], name: String) throws -> CompactImageContents {
    guard claims(file) else { throw HintedError("\(name) does not start with ATOMEQ02") }
    var reader = CompactImageReader(ByteReader(file, name: name, offset: magic.count))
    let header = try reader.header()
    let labelsStart =
      header.shape.imageByteCount(rowCount: header.rowCount) - 4 + header.vocabularyByteCount
    let labelsByteCount = header.hasLabels ? LabelSection.byteCount(in: file, at: labelsStart) : 0
    let byteCount = labelsStart + labelsByteCount + 4
    guard file.count == byteCount, header.byteCount == byteCount else {
      throw HintedError(
        "\(name) has \(file.count) bytes where the shape \(header.shape) needs \(byteCount): "
          + "it is truncated or damaged",
        hint: "export it again")
    }
    let checksum = file.suffix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    guard CRC32.checksum(file.dropLast(4)) == checksum else {
      throw HintedError("\(name) is damaged: its checksum does not match", hint: "export it again")
    }
    let section = Array(file[..<labelsStart].suffix(header.vocabularyByteCount))
    let labels = Array(file[labelsStart..<labelsStart + labelsByteCount])
    return CompactImageContents(
      model: try reader.model(header), provenance: header.provenance,
      vocabulary: try VocabularyFile.read(section, name: name), trainedContext: header.trainedContext,
      head: header.hasLabels
        ? try LabelSection.read(labels, logitScale: Double(header.logitScale), name: name) : nil)
  }
}

private struct CompactHeader {
  var byteCount: Int
  var shape: CompactShape
  /// R, rows of the table.
  var rowCount: Int
  var vocabularyByteCount: Int
  var trainedContext: Int?
  var hasLabels: Bool
  var provenance: ContentID?
  var logitScale: Float
  var logitRate: LogitRate
  var embeddingShift: Int32
  var logitShift: Int32
}

/// Reads the parts of an image and names the one that is wrong.
private struct CompactImageReader {
  private var bytes: ByteReader

  init(_ bytes: ByteReader) { self.bytes = bytes }

  mutating func header() throws -> CompactHeader {
    let version = try bytes.read(UInt16.self, "version")
    guard version == CompactImageFile.version else {
      throw HintedError(
        "\(bytes.name) has version \(version), this program reads \(CompactImageFile.version)",
        hint: "use the version of Alambic that wrote it")
    }
    let flags = try bytes.read(UInt16.self, "flags")
    let known = CompactImageFile.vocabularyFlag | CompactImageFile.rowsFlag | CompactImageFile.labelsFlag
    guard flags & ~known == 0 else {
      throw damaged("the flags are \(flags)")
    }
    let byteCount = Int(try bytes.read(UInt32.self, "byte count"))
    let dimensions = try (0..<6).map { _ in Int(try bytes.read(UInt16.self, "shape")) }
    let rowCount = dimensions[5]
    guard CompactImageFile.rowCounts(flags).contains(rowCount) else { throw damaged("the table has \(rowCount) rows") }
    var shape = try CompactShape(dimensions: dimensions.prefix(5) + [1])
    let vocabularyByteCount = Int(try bytes.read(UInt16.self, "size of the vocabulary"))
    let trainedContext = Int(try bytes.read(UInt16.self, "trained context"))
    guard (vocabularyByteCount > 0) == (flags & CompactImageFile.vocabularyFlag != 0) else {
      throw damaged("the flags contradict the size of the vocabulary")
    }
    let origin = try bytes.take(32, for: "provenance")
    let scale = try bytes.readFloat("logit scale")
    guard scale.isFinite, scale >= 0 else { throw damaged("the logit scale is \(scale)") }
    let rate = LogitRate(
      multiplier: try bounded(UInt32.self, 0...65535, "logit rate's multiplier"),
      shift: try bounded(UInt32.self, 8...31, "logit rate's shift"))
    let embeddingShift = try bounded(UInt8.self, 0...12, "embedding shift")
    let leastLogitShift = UInt8(CompactModel.logitShift(width: shape.modelWidth))
    let logitShift = try bounded(UInt8.self, leastLogitShift...31, "logit shift")
    shape.passCount = 1 + Int(try bounded(UInt16.self, 0...15, "passes behind the first"))
    return CompactHeader(
      byteCount: byteCount, shape: shape, rowCount: rowCount, vocabularyByteCount: vocabularyByteCount,
      trainedContext: trainedContext == 0 ? nil : trainedContext,
      hasLabels: flags & CompactImageFile.labelsFlag != 0,
      provenance: origin.allSatisfy { $0 == 0 } ? nil : ContentID(digest: origin), logitScale: scale,
      logitRate: rate, embeddingShift: Int32(embeddingShift), logitShift: Int32(logitShift))
  }

  mutating func model(_ header: CompactHeader) throws -> CompactModel {
    let d = header.shape.modelWidth
    let rows = try rows(header)
    let multipliers = try multipliers(header.rowCount, "table")
    try fillWord("table")
    let table = try matrix(multipliers, d, "table")
    let blocks = try (0..<header.shape.layerCount).map { try block("block \($0)", header.shape) }
    var finalNorm = try normHead("final norm")
    finalNorm.gain = try numbers(d, "final norm")
    try fillWord("final norm")
    return CompactModel(
      shape: header.shape, rows: rows, table: table, embeddingShift: header.embeddingShift, blocks: blocks,
      finalNorm: finalNorm, logitShift: header.logitShift, logitScale: header.logitScale, logitRate: header.logitRate)
  }

  /// The map of rows, where there is one: as many bits as rows that are some token's own, beside the shared one.
  private mutating func rows(_ header: CompactHeader) throws -> TableRows {
    guard header.rowCount < CompactShape.vocabularySize else { return .whole }
    let bitmap = Array(try bytes.take(CompactImageFile.rowsByteCount, for: "map of rows"))
    let rows = TableRows(own: (0..<CompactShape.vocabularySize).map { bitmap[$0 / 8] >> ($0 % 8) & 1 != 0 })
    guard rows.rowCount == header.rowCount else {
      throw damaged("the map of rows names \(rows.rowCount) rows and the table has \(header.rowCount)")
    }
    return rows
  }

  private mutating func block(_ place: String, _ shape: CompactShape) throws -> CompactBlock {
    let (d, m, g, f) = (shape.modelWidth, shape.stateWidth, shape.gateCount, shape.hiddenWidth)
    var (stateNorm, feedForwardNorm) = (try normHead("\(place) state norm"), try normHead("\(place) second norm"))
    let parts = try ["write gates", "value", "read gates", "output", "hidden", "down"].map {
      try requantisation("\(place) \($0)")
    }
    let biasShift = try bounded(UInt8.self, 0...16, "\(place) bias shift")
    let readShift = try bounded(UInt8.self, 15...22, "\(place) read shift")
    try zero(UInt16.self, place)
    stateNorm.gain = try numbers(d, "\(place) state norm")
    feedForwardNorm.gain = try numbers(d, "\(place) second norm")
    let bias = try numbers(g, "\(place) bias")
    let multipliers = try [(g + 2 * m, "projections"), (d, "output"), (f, "hidden"), (d, "down")].map {
      try self.multipliers($0.0, "\(place) \($0.1)")
    }
    try fillWord(place)
    return CompactBlock(
      stateNorm: stateNorm, feedForwardNorm: feedForwardNorm, writeGate: parts[0], value: parts[1],
      readGate: parts[2], output: parts[3], hidden: parts[4], down: parts[5], biasShift: Int32(biasShift),
      readShift: Int32(readShift), bias: bias, projections: try matrix(multipliers[0], d, "\(place) projections"),
      outputMatrix: try matrix(multipliers[1], m, "\(place) output"),
      hiddenMatrix: try matrix(multipliers[2], d, "\(place) hidden"),
      downMatrix: try matrix(multipliers[3], f, "\(place) down"))
  }
}

// MARK: - Parts

extension CompactImageReader {
  private func damaged(_ what: String) -> HintedError {
    HintedError("\(bytes.name) is damaged: \(what)", hint: "export it again")
  }

  private mutating func bounded<Value: PlainInteger>(
    _ type: Value.Type, _ range: ClosedRange<Value>, _ field: String
  ) throws -> Value {
    let value = try bytes.read(type, field)
    guard range.contains(value) else {
      throw damaged("\(field) is \(value), outside \(range.lowerBound)…\(range.upperBound)")
    }
    return value
  }

  private mutating func zero<Value: PlainInteger>(_ type: Value.Type, _ field: String) throws {
    guard try bytes.read(type, field) == 0 else { throw damaged("\(field) is not filled with zeros") }
  }

  private mutating func fillWord(_ field: String) throws {
    while !bytes.offset.isMultiple(of: 4) { try zero(UInt8.self, field) }
  }

  private mutating func normHead(_ field: String) throws -> CompactNorm {
    let epsilon = try bounded(UInt32.self, 1...(1 << 31), "\(field) epsilon")
    let inputShift = try bounded(UInt8.self, 0...16, "\(field) input shift")
    let outputShift = try bounded(UInt8.self, 0...31, "\(field) output shift")
    try zero(UInt16.self, field)
    return CompactNorm(
      epsilon: epsilon, inputShift: Int32(inputShift), outputShift: Int32(outputShift), gain: [])
  }

  private mutating func requantisation(_ field: String) throws -> Requantisation {
    let multiplier = try bounded(UInt16.self, 0...0x7FFF, "\(field) multiplier")
    let shift = try bounded(UInt8.self, 0...30, "\(field) shift")
    try zero(UInt8.self, field)
    return Requantisation(multiplier: Int32(multiplier), shift: Int32(shift))
  }

  private mutating func numbers(_ count: Int, _ field: String) throws -> [Int8] {
    try bytes.take(count, for: field).map { Int8(bitPattern: $0) }
  }

  private mutating func multipliers(_ count: Int, _ field: String) throws -> [UInt8] {
    let found = Array(try bytes.take(count, for: "\(field) multipliers"))
    guard !found.contains(0) else { throw damaged("\(field) has a multiplier of 0") }
    return found
  }

  private mutating func matrix(_ multipliers: [UInt8], _ columnCount: Int, _ field: String) throws -> CompactMatrix {
    let rows = CompactImageFile.rowsInBlock
    var codes = [Int8](repeating: 0, count: multipliers.count * columnCount)
    for first in stride(from: 0, to: multipliers.count, by: rows) {
      for column in 0..<columnCount {
        let word = try bytes.read(UInt32.self, field)
        for row in 0..<rows {
          let nibble = word >> UInt32(4 * row) & 15
          guard nibble != 0 else { throw damaged("\(field) has a code of -8") }
          if first + row < multipliers.count {
            codes[(first + row) * columnCount + column] = Int8(Int32(nibble) - 8)
          } else if nibble != 8 {
            throw damaged("\(field) has a code in a row that is not there")
          }
        }
      }
    }
    return CompactMatrix(columnCount: columnCount, multipliers: multipliers, codes: codes)
  }
}
