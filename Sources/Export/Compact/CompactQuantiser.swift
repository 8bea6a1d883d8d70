import Basics
import Formats
import Foundation
import Model
import Networks

/// Turns a compact checkpoint into the integers that approximate it best on the text that it was calibrated on.
/// Every unit below is the real value of 1 of the integers that it belongs to.
public struct CompactQuantiser {
  private let checkpoint: TrainingCheckpoint<CompactShape>
  private let calibration: CompactCalibration
  private let table: UnitMatrix
  /// Of the residual stream.
  private let streamUnit: Double
  private let embeddingShift: Int
  /// By block: the limit of squares, as a part of the one with the least squared error.
  var squareParts: [Double]

  /// How far above what calibration saw numbers may go before they saturate.
  private static let streamHeadroom = 4.0
  private static let normInputHeadroom = 1.5
  private static let valueHeadroom = 1.25
  private static let octavesPerNat = 2048 * log2(M_E)

  /// - Throws: `HintedError` when the student's numbers are outside what the format can say, and for a twin of floats.
  public init(_ checkpoint: TrainingCheckpoint<CompactShape>, calibration: CompactCalibration) throws {
    try checkpoint.checkWhole()
    self.checkpoint = checkpoint
    self.calibration = calibration
    table = UnitMatrix(checkpoint, checkpoint.layout.table)
    let largest = calibration.streams.map { Double($0.largest) }.max() ?? 0
    guard table.unit > 0, largest > 0, largest.isFinite else {
      throw HintedError("the student's table is zero or no number, so it has no integer form", hint: "train it first")
    }
    // The finest unit of which the embedding is a multiple and which leaves room for the stream.
    let room = 0x1p23 * table.unit / (largest * Self.streamHeadroom)
    guard room >= 1 else {
      throw HintedError(
        "the student's stream grows to \(largest), too far above its embedding's \(table.unit) for 24 bits",
        hint: "train with more weight decay")
    }
    embeddingShift = min(12, Int(log2(room).rounded(.down)))
    streamUnit = table.unit / exp2(Double(embeddingShift))
    squareParts = Array(repeating: 1, count: checkpoint.shape.layerCount)
  }

  /// With the units that lose least, which takes some tens of runs over the calibration's examples.
  public func best() throws -> CompactModel {
    try SquareSearch(quantiser: self, examples: calibration.examples).quantised()
  }

  func quantised() throws -> CompactModel {
    let (shape, layout) = (checkpoint.shape, checkpoint.layout)
    let final = norm(layout.finalGain, at: calibration.streams.count - 1)
    let logitShift = CompactModel.logitShift(width: shape.modelWidth)
    let (rows, shared) = table.matrix.sharingRows()
    let logitScale = table.unit * final.unit * exp2(Double(logitShift))
    return CompactModel(
      shape: shape, rows: rows, table: shared, embeddingShift: Int32(embeddingShift),
      blocks: layout.layers.indices.map(block), finalNorm: final.norm, logitShift: logitShift,
      logitScale: Float(logitScale), logitRate: LogitRate(octavesPerUnit: logitScale * Self.octavesPerNat))
  }

  private func block(_ index: Int) -> CompactBlock {
    let tensors = checkpoint.layout.layers[index]
    let (stateNorm, n) = norm(tensors.stateGain, at: 2 * index)
    let (feedForwardNorm, n2) = norm(tensors.feedForwardGain, at: 2 * index + 1)
    func matrix(_ tensor: ParameterTensor) -> UnitMatrix { UnitMatrix(checkpoint, tensor) }
    let (write, value, read) = (matrix(tensors.writeGate), matrix(tensors.value), matrix(tensors.readGate))
    let (output, hidden, down) = (matrix(tensors.output), matrix(tensors.hidden), matrix(tensors.down))
    let state = stateUnits(index)
    let hiddenUnit = hiddenUnit(index)
    let bias = gateBias(checkpoint.values(of: tensors.gateBias).map { Double($0) * Self.octavesPerNat })
    return CompactBlock(
      stateNorm: stateNorm, feedForwardNorm: feedForwardNorm,
      writeGate: write.requantisation(of: n, to: 1 / Self.octavesPerNat),
      value: value.requantisation(of: n, to: state.value),
      readGate: read.requantisation(of: n, to: 1 / Self.octavesPerNat),
      output: output.requantisation(of: state.read, to: streamUnit),
      hidden: hidden.requantisation(of: n2, to: hiddenUnit),
      down: down.requantisation(of: hiddenUnit * hiddenUnit * 512, to: streamUnit), biasShift: bias.shift,
      readShift: state.readShift, bias: bias.numbers, projections: write.matrix + value.matrix + read.matrix,
      outputMatrix: output.matrix, hiddenMatrix: hidden.matrix, downMatrix: down.matrix)
  }
}

// MARK: - Units

extension CompactQuantiser {
  /// A norm, and the unit of what comes out of it.
  private func norm(_ gain: ParameterTensor, at index: Int) -> (norm: CompactNorm, unit: Double) {
    let largest = Double(calibration.streams[index].largest) * Self.normInputHeadroom / streamUnit
    let inputShift = min(16, max(0, Int(log2(max(1, largest)).rounded(.up)) - 15))
    let inputUnit = streamUnit * exp2(Double(inputShift))
    let unit = max(calibration.normed[index].bestLimit(levels: 127), 1e-6) / 127
    // The norm's numbers come in multiples of 2^-12.
    let gains = checkpoint.values(of: gain).map { Double($0) / 4096 / unit }
    let shift = min(31, max(0, Int(log2(127 / largestMagnitude(gains)).rounded(.down))))
    let factor = exp2(Double(shift))
    let epsilon = Double(gain.count) * 1e-5 / (inputUnit * inputUnit)
    return (
      CompactNorm(
        epsilon: UInt32(min(max(epsilon.rounded(), 1), 0x1p31)), inputShift: Int32(inputShift),
        outputShift: Int32(shift), gain: gains.map { Int8(clamping: Int(($0 * factor).rounded())) }),
      unit
    )
  }

  /// Units of the state and of what is read of it: the latter is the former's times a power of two, and has 8 bits.
  private func stateUnits(_ index: Int) -> (value: Double, read: Double, readShift: Int32) {
    let value = max(Double(calibration.values[index].largest) * Self.valueHeadroom, 1e-9) / 16383
    let read = max(calibration.read[index].bestLimit(levels: 127), 1e-9) / 127
    let shift = min(7, max(0, Int(log2(read / value).rounded())))
    return (value, value * exp2(Double(shift)), Int32(15 + shift))
  }

  /// Of a hidden number before its square, whose 127 is the limit of squares.
  private func hiddenUnit(_ index: Int) -> Double {
    max(calibration.squares[index].bestLimit(levels: 127) * squareParts[index], 1e-12).squareRoot() / 255
  }

  private func gateBias(_ octaves: [Double]) -> (numbers: [Int8], shift: Int32) {
    let shift = min(16, max(0, Int(log2(largestMagnitude(octaves) / 127).rounded(.up))))
    return (octaves.map { Int8(clamping: Int(($0 / exp2(Double(shift))).rounded())) }, Int32(shift))
  }
}

/// A matrix in codes, and the unit that its multipliers are of.
private struct UnitMatrix {
  let matrix: CompactMatrix
  /// 0 for a matrix of zeros.
  let unit: Double

  init(_ checkpoint: TrainingCheckpoint<CompactShape>, _ tensor: ParameterTensor) {
    let rounded = RowCodes(
      rounding: checkpoint.values(of: tensor), columnCount: tensor.columnCount, levels: CompactShape.weightLevels)
    let unit = Double(rounded.scales.max() ?? 0) / 255
    self.unit = unit
    matrix = CompactMatrix(
      columnCount: tensor.columnCount,
      multipliers: rounded.scales.map { scale in
        unit > 0 ? UInt8(clamping: max(1, Int((Double(scale) / unit).rounded()))) : 1
      },
      codes: rounded.codes)
  }

  /// What turns products of numbers of `inputUnit` into numbers of `target`.
  func requantisation(of inputUnit: Double, to target: Double) -> Requantisation {
    let preShift = CompactMatrix.preShift(columnCount: matrix.columnCount)
    let factor = unit * inputUnit / target * exp2(Double(preShift))
    let shift = min(30, max(0, Int(log2(32767 / max(factor, 1e-30)).rounded(.down))))
    let multiplier = min((factor * exp2(Double(shift))).rounded(), 32767)
    return Requantisation(multiplier: Int32(multiplier), shift: Int32(shift))
  }
}

extension CompactMatrix {
  /// One below the other.
  fileprivate static func + (above: CompactMatrix, below: CompactMatrix) -> CompactMatrix {
    CompactMatrix(
      columnCount: above.columnCount, multipliers: above.multipliers + below.multipliers,
      codes: above.codes + below.codes)
  }
}
