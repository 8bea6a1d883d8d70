import Basics
import Formats
import Foundation
import Networks

/// Turns a plain GPT's checkpoint into the integer model that approximates it best on the text that it was calibrated
/// on. Every unit below is the real value of 1 of the integers that it belongs to.
public struct GPTQuantiser {
  private let checkpoint: GPTCheckpoint
  private let calibration: GPTCalibration
  private let width: GPTWeightWidth
  /// Of the residual stream.
  private let streamUnit: Double
  /// From the unit of a tied table's rows, which its logits' multipliers decide, to the stream's; else 0.
  private let embeddingShift: Int

  /// How far above what calibration saw the stream may go before it saturates.
  private static let streamHeadroom = 4.0
  private static let normInputHeadroom = 1.5
  private static let octavesPerNat = 64 * log2(M_E)

  /// - Parameter width: of a checkpoint that was trained in 4 bits, 4.
  /// - Throws: `HintedError` for a context beyond the format's, or a model of zeros.
  public init(_ checkpoint: GPTCheckpoint, width: GPTWeightWidth, calibration: GPTCalibration) throws {
    guard Self.positionCount(of: checkpoint) <= GPTImageFile.contextLimit else {
      throw HintedError(
        "a context of \(checkpoint.shape.contextLength) positions; an integer image has at most "
          + "\(GPTImageFile.contextLimit)", hint: "train with a shorter --window")
    }
    self.checkpoint = checkpoint
    self.calibration = calibration
    self.width = width
    let layout = checkpoint.layout
    func largestScale(_ tensor: ParameterTensor) -> Double {
      Double(Self.codes(of: tensor, checkpoint, width).scales.max() ?? 0)
    }
    let tokens = largestScale(layout.embedding)
    let scales = layout.shape.isTied ? [largestScale(layout.positions)] : [tokens, largestScale(layout.positions)]
    // The finest in which the stream has room and tables' multipliers fit 16 bits.
    let finest = max(calibration.largestStream * Self.streamHeadroom / 0x1p23, (scales.max() ?? 0) / 65535)
    if layout.shape.isTied {
      let limit = Self.largestMultiplier(columnCount: layout.shape.modelWidth, width)
      (streamUnit, embeddingShift) = Self.stream(finest: finest, tableUnit: tokens / limit)
    } else {
      (streamUnit, embeddingShift) = (finest, 0)
    }
    guard streamUnit > 0, streamUnit.isFinite else {
      throw HintedError("the model's embedding is zero, so it has no integer form", hint: "train it first")
    }
  }

  /// A tied table's rows have the multipliers of its logits, so the stream's unit is theirs times a power of two.
  private static func stream(finest: Double, tableUnit: Double) -> (unit: Double, shift: Int) {
    let shift = min(max(0, Int(log2(max(1, finest / tableUnit)).rounded(.up))), GPTImageFile.largestEmbeddingShift)
    return (tableUnit * exp2(Double(shift)), shift)
  }

  /// A window's last token is predicted and not read, so training leaves the position after these as it started.
  public static func positionCount(of checkpoint: GPTCheckpoint) -> Int {
    min(checkpoint.shape.contextLength, checkpoint.settings.windowTokenCount - 1)
  }

  private static func codes(
    of tensor: ParameterTensor, _ checkpoint: GPTCheckpoint, _ width: GPTWeightWidth
  ) -> RowCodes {
    RowCodes(
      rounding: checkpoint.parameters[tensor.range], columnCount: tensor.columnCount, levels: width.levels)
  }

  public func quantised() -> GPTIntegerModel {
    let layout = checkpoint.layout
    var shape = checkpoint.shape
    shape.contextLength = Self.positionCount(of: checkpoint)
    let hiddenUnit = unit(calibration.hidden, levels: 127)
    let activatedUnit = unit(calibration.activated, levels: 127)
    let normUnit = unit(calibration.finalNormal, levels: 127)
    let (output, logits, logitUnit) = logitMatrix(normUnit)
    let isTied = shape.isTied
    return GPTIntegerModel(
      shape: shape, width: width, gelu: Self.geluTable(from: hiddenUnit, to: activatedUnit),
      embedding: isTied ? output : table(layout.embedding),
      positions: table(layout.positions, rowCount: shape.contextLength),
      layers: layout.layers.indices.map { layer($0, hiddenUnit: hiddenUnit, activatedUnit: activatedUnit) },
      finalNorm: norm(layout.finalGamma, layout.finalBeta, stream: calibration.finalStream, unit: normUnit),
      unembedding: isTied ? nil : output, embeddingShift: Int32(embeddingShift), logits: logits,
      logitScale: Float(logitUnit))
  }

  private func layer(_ index: Int, hiddenUnit: Double, activatedUnit: Double) -> GPTIntegerLayer {
    let (tensors, ranges) = (checkpoint.layout.layers[index], calibration.layers[index])
    let normUnit = unit(ranges.attentionNormal, levels: 127)
    let inputUnit = unit(ranges.feedForwardNormal, levels: 127)
    let units = [unit(ranges.query, levels: 2047), unit(ranges.key, levels: 127), unit(ranges.value, levels: 127)]
    let mixedUnit = unit(ranges.mixed, levels: 127)
    let projections = zip([tensors.query, tensors.key, tensors.value], units).map { tensor, unit in
      matrix(tensor, from: normUnit, to: unit)
    }
    let output = matrix(tensors.output, from: mixedUnit, to: streamUnit)
    let feedForwardInput = matrix(tensors.feedForwardInput, from: inputUnit, to: hiddenUnit)
    let feedForwardOutput = matrix(tensors.feedForwardOutput, from: activatedUnit, to: streamUnit)
    return GPTIntegerLayer(
      attentionNorm: norm(
        tensors.attentionGamma, tensors.attentionBeta, stream: ranges.attentionStream, unit: normUnit),
      feedForwardNorm: norm(
        tensors.feedForwardGamma, tensors.feedForwardBeta, stream: ranges.feedForwardStream, unit: inputUnit),
      projection: GPTIntegerMatrix(
        columnCount: checkpoint.shape.modelWidth, multipliers: projections.flatMap(\.matrix.multipliers),
        codes: projections.flatMap(\.matrix.codes)),
      output: output.matrix, feedForwardInput: feedForwardInput.matrix, feedForwardOutput: feedForwardOutput.matrix,
      scalings: projections.map(\.scaling) + [output, feedForwardInput, feedForwardOutput].map(\.scaling),
      attention: attention(
        scoreUnit: units[0] * units[1] / Double(checkpoint.shape.headWidth).squareRoot(),
        gain: units[2] / mixedUnit))
  }
}

// MARK: - Matrices

extension GPTQuantiser {
  private typealias Scaled = (matrix: GPTIntegerMatrix, scaling: RowScaling)

  private func codes(_ tensor: ParameterTensor) -> RowCodes { Self.codes(of: tensor, checkpoint, width) }

  /// Of numbers in one unit, to numbers in another.
  private func matrix(_ tensor: ParameterTensor, from: Double, to: Double) -> Scaled {
    let codes = codes(tensor)
    let wanted = codes.scales.map { Double($0) * from / to }
    let pre = Self.preShift(columnCount: tensor.columnCount, width)
    let largest = max((wanted.max() ?? 0) * exp2(Double(pre)), 1e-12)
    let limit = Self.largestMultiplier(columnCount: tensor.columnCount, width)
    let shift = min(max(Int(log2(limit / largest).rounded(.down)), 0), 29)
    let factor = exp2(Double(pre + shift))
    let multipliers = wanted.map { UInt16(min(($0 * factor).rounded(), limit)) }
    return (
      GPTIntegerMatrix(columnCount: tensor.columnCount, multipliers: multipliers, codes: codes.codes),
      RowScaling(pre: Int32(pre), shift: Int32(shift))
    )
  }

  /// The most that a sum of so many columns can be.
  private static func bound(columnCount: Int, _ width: GPTWeightWidth) -> Int {
    columnCount << (width == .four ? 10 : 14)
  }

  /// So that a sum has 15 bits.
  private static func preShift(columnCount: Int, _ width: GPTWeightWidth) -> Int {
    var pre = 0
    while bound(columnCount: columnCount, width) >> pre >= 1 << 15 { pre += 1 }
    return pre
  }

  /// So that no sum, shifted so, passes 2^30 times it.
  private static func largestMultiplier(columnCount: Int, _ width: GPTWeightWidth) -> Double {
    let pre = preShift(columnCount: columnCount, width)
    return Double(min(65535, (1 << 30) / (bound(columnCount: columnCount, width) >> pre + 1)))
  }

  private func table(_ tensor: ParameterTensor, rowCount: Int? = nil) -> GPTIntegerMatrix {
    let (codes, rows) = (codes(tensor), rowCount ?? tensor.rowCount)
    return GPTIntegerMatrix(
      columnCount: tensor.columnCount,
      multipliers: codes.scales.prefix(rows).map { UInt16(min((Double($0) / streamUnit).rounded(), 65535)) },
      codes: Array(codes.codes.prefix(rows * tensor.columnCount)))
  }

  /// Logits are below 2^23, and their unit is what makes the most of the multipliers.
  private func logitMatrix(
    _ normUnit: Double
  ) -> (matrix: GPTIntegerMatrix, scaling: RowScaling, unit: Double) {
    let (tensor, shift) = (checkpoint.layout.unembedding, 8)
    let codes = codes(tensor)
    let pre = Self.preShift(columnCount: tensor.columnCount, width)
    let limit = Self.largestMultiplier(columnCount: tensor.columnCount, width)
    let largest = max(Double(codes.scales.max() ?? 0), 1e-12)
    let multipliers = codes.scales.map { UInt16((Double($0) / largest * limit).rounded()) }
    let matrix = GPTIntegerMatrix(columnCount: tensor.columnCount, multipliers: multipliers, codes: codes.codes)
    return (
      matrix, RowScaling(pre: Int32(pre), shift: Int32(shift)), largest * normUnit / limit * exp2(Double(pre + shift))
    )
  }
}

// MARK: - Units

extension GPTQuantiser {
  private func unit(_ range: Calibration.Range, levels: Double) -> Double {
    range.bestLimit(levels: levels) / levels
  }

  private func norm(
    _ gamma: ParameterTensor, _ beta: ParameterTensor, stream: Calibration.Range, unit: Double
  ) -> GPTIntegerNorm {
    let largest = Double(stream.largest) * Self.normInputHeadroom / streamUnit
    let inputShift = min(max(0, Int(log2(max(1, largest)).rounded(.up)) - 15), 16)
    let inputUnit = streamUnit * exp2(Double(inputShift))
    // Deviations come in multiples of 2^-12 of their standard deviation.
    let gains = checkpoint.values(of: gamma).map { Double($0) / 4096 / unit }
    let biases = checkpoint.values(of: beta).map { Double($0) / unit }
    let shift = min(max(Int(log2(127 / largestMagnitude(gains)).rounded(.down)), 0), 24)
    let factor = exp2(Double(shift))
    let largestBias = largestMagnitude(biases) * factor
    let biasShift = min(max(Int(log2(largestBias / 127).rounded(.up)), 0), 20)
    func narrow(_ number: Double) -> Int8 { Int8(min(max(number.rounded(), -127), 127)) }
    let epsilon = Double(gamma.columnCount) * 1e-5 / (inputUnit * inputUnit)
    return GPTIntegerNorm(
      inputShift: Int32(inputShift), outputShift: Int32(shift), biasShift: Int32(biasShift),
      epsilon: UInt32(min(max(epsilon.rounded(), 1), 0x1p31)), gain: gains.map { narrow($0 * factor) },
      bias: biases.map { narrow($0 * factor / exp2(Double(biasShift))) })
  }

  /// From 16 octaves on all is the same.
  private func attention(scoreUnit: Double, gain: Double) -> GPTIntegerAttention {
    let rate = max(scoreUnit * Self.octavesPerNat, 1e-6)
    let limit = (1024 / rate).rounded(.up)
    let shift = min(max(Int(log2(min(65535 / rate, 0x1p31 / (rate * limit))).rounded(.down)), 0), 31)
    let multiplier = min((rate * exp2(Double(shift))).rounded(), 65535)
    let mixShift = min(max(Int(log2(0x1p14 / gain).rounded(.down)) + 8, 0), 29)
    let mixGain = min((gain * exp2(Double(mixShift - 8))).rounded(), 0x1p14)
    return GPTIntegerAttention(
      limit: UInt32(limit), multiplier: UInt16(multiplier), shift: UInt32(shift), mixGain: UInt16(mixGain),
      mixShift: Int32(mixShift))
  }

  private static func geluTable(from: Double, to: Double) -> [Int8] {
    (-128...127).map { number in
      let x = Double(number) * from
      let y = x * (1 + erf(x * 0.5.squareRoot())) / 2
      return Int8(min(max((y / to).rounded(), -128), 127))
    }
  }
}
