import Basics
import Networks

extension RandomModel {
  /// Widths that fill no block of eight rows.
  package static let smallCompact = CompactShape(
    modelWidth: 5, layerCount: 2, stateWidth: 6, gateCount: 3, hiddenWidth: 7)

  /// Integers from all over what the format allows, its limits among them. Odd seeds have tokens that share a row.
  package static func makeCompact(seed: UInt64, shape: CompactShape) -> CompactModel {
    var source = CompactNumbers(generator: SeededGenerator(seed: seed))
    let (d, m, g, f) = (shape.modelWidth, shape.stateWidth, shape.gateCount, shape.hiddenWidth)
    let blocks = (0..<shape.layerCount).map { _ in
      CompactBlock(
        stateNorm: source.norm(d), feedForwardNorm: source.norm(d), writeGate: source.requantisation(),
        value: source.requantisation(), readGate: source.requantisation(), output: source.requantisation(),
        hidden: source.requantisation(), down: source.requantisation(), biasShift: Int32(source.number(0...16)),
        readShift: Int32(source.number(15...22)), bias: source.bytes(g), projections: source.matrix(g + 2 * m, d),
        outputMatrix: source.matrix(d, m), hiddenMatrix: source.matrix(f, d), downMatrix: source.matrix(d, f))
    }
    let leastShift = Int(CompactModel.logitShift(width: d))
    let rows = seed.isMultiple(of: 2) ? .whole : source.rows()
    return CompactModel(
      shape: shape, rows: rows, table: source.matrix(rows.rowCount, d),
      embeddingShift: Int32(source.number(0...12)), blocks: blocks, finalNorm: source.norm(d),
      logitShift: Int32(source.number(leastShift...leastShift + 2)), logitScale: 0.001,
      logitRate: LogitRate(multiplier: UInt32(source.number(0...65_535)), shift: UInt32(source.number(8...31))))
  }
}

/// Numbers of a compact model; one of four is at a limit.
private struct CompactNumbers {
  var generator: SeededGenerator

  mutating func number(_ range: ClosedRange<Int>) -> Int {
    switch generator.below(8) {
    case 0: range.lowerBound
    case 1: range.upperBound
    default: range.lowerBound + generator.below(range.count)
    }
  }

  mutating func bytes(_ count: Int) -> [Int8] { (0..<count).map { _ in Int8(number(-128...127)) } }

  mutating func norm(_ width: Int) -> CompactNorm {
    CompactNorm(
      epsilon: UInt32(number(1...(1 << 31))), inputShift: Int32(number(0...16)), outputShift: Int32(number(8...20)),
      gain: bytes(width))
  }

  mutating func requantisation() -> Requantisation {
    Requantisation(multiplier: Int32(number(0...0x7FFF)), shift: Int32(number(0...24)))
  }

  /// From no token with a row of its own to nearly all.
  mutating func rows() -> TableRows {
    let share = number(0...15)
    return TableRows(own: (0..<CompactShape.vocabularySize).map { _ in generator.below(16) < share })
  }

  mutating func matrix(_ rows: Int, _ columns: Int) -> CompactMatrix {
    CompactMatrix(
      columnCount: columns, multipliers: (0..<rows).map { _ in UInt8(number(1...255)) },
      codes: (0..<rows * columns).map { _ in Int8(number(-7...7)) })
  }
}
