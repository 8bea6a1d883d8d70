/// A compact student in integers: what an ATOMEQ02 image stores. The meaning of every number is specified in
/// docs/compact.md.
public struct CompactModel: Hashable, Sendable {
  public var shape: CompactShape
  /// Which row of the table a token has.
  public var rows: TableRows
  /// (R, d).
  public var table: CompactMatrix
  /// Left shift of a token's row, 0…12.
  public var embeddingShift: Int32
  public var blocks: [CompactBlock]
  public var finalNorm: CompactNorm
  /// Right shift of a logit.
  public var logitShift: Int32
  /// What a logit of 1 means, in nats.
  public var logitScale: Float
  /// Turns a difference of logits into 1/2048 octaves, for sampling.
  public var logitRate: LogitRate

  public init(
    shape: CompactShape, rows: TableRows = .whole, table: CompactMatrix, embeddingShift: Int32, blocks: [CompactBlock],
    finalNorm: CompactNorm, logitShift: Int32, logitScale: Float, logitRate: LogitRate
  ) {
    precondition(table.rowCount == rows.rowCount, "a table of other rows")
    self.shape = shape
    self.rows = rows
    self.table = table
    self.embeddingShift = embeddingShift
    self.blocks = blocks
    self.finalNorm = finalNorm
    self.logitShift = logitShift
    self.logitScale = logitScale
    self.logitRate = logitRate
  }
}

/// A matrix of codes -7…7 whose rows have multipliers 1…255 of one unit.
public struct CompactMatrix: Hashable, Sendable {
  public var columnCount: Int
  /// By row.
  public var multipliers: [UInt8]
  /// Row-major.
  public var codes: [Int8]

  public var rowCount: Int { multipliers.count }

  public init(columnCount: Int, multipliers: [UInt8], codes: [Int8]) {
    precondition(codes.count == columnCount * multipliers.count, "codes of another shape")
    self.columnCount = columnCount
    self.multipliers = multipliers
    self.codes = codes
  }
}

/// An RMSNorm: what goes in is shifted to 16 bits, what comes out has 8.
public struct CompactNorm: Hashable, Sendable {
  /// Added to the sum of squares; 1…2^31.
  public var epsilon: UInt32
  /// Right shift of the stream, 0…16.
  public var inputShift: Int32
  /// Right shift of the result, 0…31.
  public var outputShift: Int32
  /// By channel.
  public var gain: [Int8]

  public init(epsilon: UInt32, inputShift: Int32, outputShift: Int32, gain: [Int8]) {
    self.epsilon = epsilon
    self.inputShift = inputShift
    self.outputShift = outputShift
    self.gain = gain
  }
}

/// One block's integers.
public struct CompactBlock: Hashable, Sendable {
  public var stateNorm: CompactNorm
  public var feedForwardNorm: CompactNorm
  /// What a row's product becomes; multipliers below 2^15, shifts 0…30.
  public var writeGate: Requantisation
  public var value: Requantisation
  public var readGate: Requantisation
  public var output: Requantisation
  public var hidden: Requantisation
  public var down: Requantisation
  /// Left shift of the write gates' biases, 0…16.
  public var biasShift: Int32
  /// Right shift of what is read of the state, 15…22.
  public var readShift: Int32
  /// By write gate.
  public var bias: [Int8]
  /// (g + 2 m, d): write gates, value, read gates, one below the other.
  public var projections: CompactMatrix
  /// (d, m).
  public var outputMatrix: CompactMatrix
  /// (f, d).
  public var hiddenMatrix: CompactMatrix
  /// (d, f).
  public var downMatrix: CompactMatrix

  public init(
    stateNorm: CompactNorm, feedForwardNorm: CompactNorm, writeGate: Requantisation, value: Requantisation,
    readGate: Requantisation, output: Requantisation, hidden: Requantisation, down: Requantisation, biasShift: Int32,
    readShift: Int32, bias: [Int8], projections: CompactMatrix, outputMatrix: CompactMatrix,
    hiddenMatrix: CompactMatrix, downMatrix: CompactMatrix
  ) {
    self.stateNorm = stateNorm
    self.feedForwardNorm = feedForwardNorm
    self.writeGate = writeGate
    self.value = value
    self.readGate = readGate
    self.output = output
    self.hidden = hidden
    self.down = down
    self.biasShift = biasShift
    self.readShift = readShift
    self.bias = bias
    self.projections = projections
    self.outputMatrix = outputMatrix
    self.hiddenMatrix = hiddenMatrix
    self.downMatrix = downMatrix
  }
}

// MARK: - Limits

extension CompactMatrix {
  /// Bounds a product of one column: the largest code, the largest input, the largest multiplier.
  public static let columnBound = 7 * 128 * 255

  /// p of docs/compact.md: the right shift that brings a product of so many columns below 2^15.
  public static func preShift(columnCount: Int) -> Int32 {
    var shift: Int32 = 0
    while (columnBound * columnCount) >> shift >= 1 << 15 { shift += 1 }
    return shift
  }
}

extension CompactModel {
  /// The least shift that keeps every logit of a width below 2^23.
  public static func logitShift(width: Int) -> Int32 {
    var shift: Int32 = 0
    while (CompactMatrix.columnBound * width) >> shift >= 1 << 23 { shift += 1 }
    return shift
  }
}
