import Basics
import Foundation
import Model
import Networks

/// Turns a float model into the integer model that approximates it best on the text that it was calibrated on.
/// Every unit below is the real value of 1 of the integers that it belongs to.
public struct IntegerQuantiser {
  private let model: AtomeModel
  private let calibration: Calibration
  private let cache: CacheWidth
  /// U, of the residual stream.
  private var streamUnit: Double
  private var embeddingMagnitude: Int32

  /// How far above what calibration saw the stream may go before it saturates.
  private static let streamHeadroom = 4.0
  private static let normInputHeadroom = 1.5
  private static let stateHeadroom = 1.5
  /// Of groups of five normalised inputs.
  private static let usualPart = 0.998
  /// Steps of the state's input in a normalised input of 1: docs/integer.md.
  private static let inputSteps = 32.0
  private static let octavesPerNat = 2048 * log2(M_E)

  /// - Throws: `HintedError` when the model's numbers are outside what the format can say.
  public init(_ model: AtomeModel, calibration: Calibration, cache: CacheWidth) throws {
    self.model = model.withPositiveScales
    self.calibration = calibration
    self.cache = cache
    let largest = calibration.stream.map { Double($0.largest) }.max() ?? 0
    let scale = Double(self.model.embedding.scale)
    guard largest > 0, scale != 0 else {
      throw HintedError("the model's embedding is zero, so it has no integer form", hint: "train it first")
    }
    let finest = largest * Self.streamHeadroom / 0x1p23
    embeddingMagnitude = Int32((scale / finest).rounded())
    guard embeddingMagnitude != 0 else {
      throw HintedError(
        "the model's stream grows to \(largest), too far above its embedding's \(scale) for 24 bits",
        hint: "train with more weight decay")
    }
    // So that the embedding is exact.
    streamUnit = scale / Double(embeddingMagnitude)
    let least = leastStreamUnit
    guard streamUnit < least else { return }
    embeddingMagnitude = Int32((scale / least).rounded(.down))
    guard embeddingMagnitude != 0 else { throw Self.tooLoud(scale) }
    streamUnit = scale / Double(embeddingMagnitude)
  }

  private static func tooLoud(_ scale: Double) -> HintedError {
    HintedError(
      "the model's pathways speak too far above its embedding's \(scale) for gains of 15 bits",
      hint: "train longer or with more weight decay")
  }

  public func quantised() throws -> IntegerModel {
    let final = norm(model.finalGamma, model.finalBeta, stream: calibration.stream.count - 1)
    let logitScale = final.unit * Double(model.unembedding.scale)
    return IntegerModel(
      shape: model.shape, cache: cache, embeddingMagnitude: embeddingMagnitude, embedding: model.embedding.trits,
      layers: model.layers.indices.map(layer), finalNorm: final.norm, unembedding: model.unembedding.trits,
      logitScale: Float(logitScale), logitRate: LogitRate(octavesPerUnit: logitScale * Self.octavesPerNat))
  }

  private func layer(_ index: Int) -> IntegerLayer {
    let source = model.layers[index]
    let (norm, unit) = norm(source.gamma, source.beta, stream: index)
    let query = requantisation(source.query, unit, calibration.query[index], bits: 12)
    let key = requantisation(source.key, unit, calibration.key[index], bits: cache.keyBitCount)
    let value = requantisation(source.value, unit, calibration.value[index], bits: cache.valueBitCount)
    let scoreUnit = query.unit * key.unit / Double(model.shape.headWidth).squareRoot()
    let state = stateUnits(index, unit)
    let gains = PathwayGains(
      local: Double(source.convolution.scale) * unit / streamUnit,
      state: zip(source.outputGain, state).map { Double($0) * $1 / streamUnit }, value: value.unit / streamUnit,
      kernelSize: model.shape.kernelSize, valueBitCount: cache.valueBitCount)
    return IntegerLayer(
      norm: norm, convolution: source.convolution.trits,
      projection: source.query.trits + source.key.trits + source.value.trits + source.router.trits,
      query: query.requantisation, key: key.requantisation, value: value.requantisation,
      routerRate: rate(octavesPerUnit: Double(source.router.scale) * unit * Self.octavesPerNat),
      scoreRate: rate(octavesPerUnit: scoreUnit * Self.octavesPerNat), localGain: gains.local, valueGain: gains.value,
      valueShift: gains.valueShift, mixShift: gains.mixShift,
      decay: source.decay.map { Int16(clamping: Int((Double(tanh($0)) * 32768).rounded())) },
      inputGain: zip(source.inputGain, state).map { gain, stateUnit in
        Int16(clamping: Int((Double(gain) * unit / Self.inputSteps / stateUnit * 32768).rounded()))
      },
      outputGain: gains.state)
  }
}

// MARK: - Units

extension IntegerQuantiser {
  /// The stream's finest unit in which every pathway's gain can be said: a model that has hardly been trained may add
  /// far more to the stream than it starts with.
  private var leastStreamUnit: Double {
    model.layers.indices.map { index in
      let (layer, unit) = (model.layers[index], normUnit(index))
      let bounds = PathwayGains.Bounds(kernelSize: model.shape.kernelSize, valueBitCount: cache.valueBitCount)
      let value = requantisation(layer.value, unit, calibration.value[index], bits: cache.valueBitCount)
      return bounds.leastUnit(
        local: Double(layer.convolution.scale) * unit,
        state: zip(layer.outputGain, stateUnits(index, unit)).map { Double($0) * $1 }, value: value.unit)
    }.max() ?? 0
  }

  /// A norm, and the unit of what comes out of it.
  private func norm(_ gamma: [Float], _ beta: [Float], stream index: Int) -> (norm: IntegerNorm, unit: Double) {
    let largest = Double(calibration.stream[index].largest) * Self.normInputHeadroom / streamUnit
    let inputShift = max(0, Int(log2(max(1, largest)).rounded(.up)) - 15)
    let inputUnit = streamUnit * exp2(Double(inputShift))
    let unit = normUnit(index)
    // The deviations come in multiples of 2^-12 of their standard deviation.
    let gains = gamma.map { Double($0) / 4096 / unit }
    let biases = beta.map { Double($0) / unit }
    let room = min(0x1p13 / largestMagnitude(gains), 0x1p28 / largestMagnitude(biases), 0x1p24)
    let shift = Int(log2(room).rounded(.down))
    let factor = exp2(Double(shift))
    return (
      IntegerNorm(
        inputShift: Int32(min(inputShift, 16)),
        epsilon: UInt32(min(max((Double(gamma.count) * 1e-5 / (inputUnit * inputUnit)).rounded(), 1), 0x1p31)),
        outputShift: Int32(max(shift, 0)), gain: gains.map { Int16(($0 * factor).rounded()) },
        // Half a unit of the shifts before and after: both round down.
        bias: zip(gains, biases).map { Int32(($1 * factor + 0.5 * $0 * factor + 0.5 * factor).rounded()) }),
      unit
    )
  }

  /// So fine that usual numbers fit an engine's tables, which hold sums of five of them in 8 bits, in one go; but no
  /// finer than is best for numbers of 8 bits.
  private func normUnit(_ index: Int) -> Double {
    let usual = calibration.normalGroups[index].quantile(Self.usualPart)
    return max(usual, calibration.normal[index].bestLimit(levels: 127), 1e-6) / 127
  }

  private func requantisation(
    _ tensor: TernaryTensor, _ unit: Double, _ range: Calibration.Range, bits: Int
  ) -> (requantisation: Requantisation, unit: Double) {
    let sumUnit = Double(tensor.scale) * unit
    let levels = exp2(Double(bits - 1)) - 1
    let wanted = sumUnit / (range.bestLimit(levels: levels) / levels)
    // So that no sum times the multiplier passes 2^30.
    let largestMultiplier = (0x1p30 / (128 * Double(tensor.columnCount))).rounded(.down)
    let shift = min(max(Int(log2(largestMultiplier / max(wanted, 1e-30)).rounded(.down)), 0), 30)
    let multiplier = max(1, min((wanted * exp2(Double(shift))).rounded(), largestMultiplier))
    return (
      Requantisation(multiplier: Int32(multiplier), shift: Int32(shift)), sumUnit * exp2(Double(shift)) / multiplier
    )
  }

  /// Each channel's own unit: the state must fit, and so must the input gain.
  private func stateUnits(_ index: Int, _ unit: Double) -> [Double] {
    zip(calibration.state[index], model.layers[index].inputGain).map { largest, gain in
      let input = abs(Double(gain)) * unit / Self.inputSteps
      return max(Double(largest) * Self.stateHeadroom / 32767, input * 32768 / 32767, 1e-12)
    }
  }

  private func rate(octavesPerUnit: Double) -> OctaveRate {
    let units = octavesPerUnit
    // From 16 octaves on all is the same.
    let limit = min((2048 * 16 / max(units, 1e-9)).rounded(.up) + 1, 0x1p31)
    let preShift = max(0, Int(log2(limit).rounded(.down)) - 15)
    let perStep = units * exp2(Double(preShift))
    let shift = max(0, min(31, Int(log2(65535 / perStep).rounded(.down))))
    return OctaveRate(
      limit: UInt32(limit), preShift: UInt32(preShift),
      multiplier: UInt32(min((perStep * exp2(Double(shift))).rounded(), 65535)), shift: UInt32(shift))
  }
}

extension LogitRate {
  /// The finest rate that says 1/2048 octaves in a logit of 1.
  init(octavesPerUnit: Double) {
    let shift = min(max(Int(log2(65535 / max(octavesPerUnit, 1e-9)).rounded(.down)), 8), 31)
    self.init(
      multiplier: UInt32(min((octavesPerUnit * exp2(Double(shift))).rounded(), 65535)), shift: UInt32(shift))
  }
}

func largestMagnitude(_ numbers: [Double]) -> Double {
  max(numbers.reduce(0) { max($0, abs($1)) }, 1e-30)
}

/// What a unit of each pathway adds to the stream, in one shared power of two.
private struct PathwayGains {
  var local: Int32
  var state: [Int16]
  var value: Int32
  var valueShift: Int32
  var mixShift: Int32

  /// What the gains may be.
  struct Bounds {
    let local: Double
    let state = 32767.0
    /// A value's weight times the largest value.
    let weight: Double
    /// No pathway's product may pass this.
    private static let product = 0x1p29

    init(kernelSize: Int, valueBitCount: Int) {
      local = min(32767, (Self.product / (128 * Double(kernelSize))).rounded(.down))
      weight = Self.product / exp2(Double(valueBitCount - 1))
    }

    /// The finest unit of a stream in which such gains can be said.
    func leastUnit(local: Double, state: [Double], value: Double) -> Double {
      max(local / self.local, largestMagnitude(state) / self.state, value / weight)
    }
  }

  init(local: Double, state: [Double], value: Double, kernelSize: Int, valueBitCount: Int) {
    let bounds = Bounds(kernelSize: kernelSize, valueBitCount: valueBitCount)
    let room = 1 / max(bounds.leastUnit(local: local, state: state, value: value), 1e-30)
    let shift = min(max(Int(log2(room).rounded(.down)), 0), 20)
    let factor = exp2(Double(shift))
    mixShift = Int32(shift)
    self.local = Int32((local * factor).rounded())
    self.state = state.map { Int16(clamping: Int(($0 * factor).rounded())) }
    // A probability has 15 bits of its own.
    let perProbability = value * factor / 32768
    let weightShift = min(max(Int(log2(32767 / max(perProbability, 1e-30)).rounded(.down)), 0), 30)
    valueShift = Int32(weightShift)
    self.value = Int32((perProbability * exp2(Double(weightShift))).rounded(.down))
  }
}

extension AtomeModel {
  /// The same model: where a scale is negative, the trits change sign instead.
  fileprivate var withPositiveScales: AtomeModel {
    var model = self
    model.embedding.makeScalePositive()
    model.unembedding.makeScalePositive()
    for index in layers.indices {
      model.layers[index].convolution.makeScalePositive()
      model.layers[index].query.makeScalePositive()
      model.layers[index].key.makeScalePositive()
      model.layers[index].value.makeScalePositive()
      model.layers[index].router.makeScalePositive()
    }
    return model
  }
}

extension TernaryTensor {
  fileprivate mutating func makeScalePositive() {
    guard scale < 0 else { return }
    scale = -scale
    trits = trits.map { -$0 }
  }
}
