import Basics
import Export
import Formats
import Foundation
import Model
import Networks
import Testing

/// A plain GPT's integer form against the float model that it was made from.
@Suite("A plain GPT's integer form")
struct GPTQuantiserTests {
  static let shape = GPTShape(modelWidth: 24, layerCount: 2, headCount: 3, feedForwardWidth: 40, contextLength: 33)

  private func checkpoint(_ weights: TrainingSettings.Weights?, isTied: Bool = false) -> GPTCheckpoint {
    var generator = SeededGenerator(seed: 12)
    var shape = Self.shape
    shape.isTied = isTied
    let layout = GPTLayout(shape)
    var parameters = [Float](repeating: 0, count: layout.count)
    for tensor in layout.tensors {
      for index in tensor.range {
        let noise = Float(generator.unit() + generator.unit() + generator.unit() - 1.5)
        parameters[index] =
          tensor.rowCount == 1
          ? (tensor.name.hasSuffix("gamma") ? 1 + noise / 4 : noise / 4) : 2 * noise / Float(24).squareRoot()
      }
    }
    let settings = TrainingSettings(
      recipe: "test", stepCount: 1, batchCount: 1, windowTokenCount: 33, seed: 0, initialScale: 1, learningRate: 0,
      warmUpStepCount: 0, schedule: .constant, beta1: 0, beta2: 0, epsilon: 1, weightDecay: 0, muon: nil,
      scales: .learned, clipNorm: nil, evaluationInterval: 1, weights: weights)
    let zeros = [Float](repeating: 0, count: parameters.count)
    return GPTCheckpoint(
      shape: shape, settings: settings, dataID: ContentID(of: []), step: 0, generator: SeededGenerator(seed: 0),
      parameters: parameters, firstMoment: zeros, secondMoment: zeros)
  }

  private static func text(seed: UInt64) -> [UInt8] {
    var generator = SeededGenerator(seed: seed)
    return (0..<1024).map { _ in UInt8(generator.below(256)) }
  }

  /// Random weights are the worst case for activations of 8 bits: trained, they cost 0.1 % of the loss.
  @Test(
    "speaks as the float model with the same weights does", arguments: [nil, TrainingSettings.Weights.fourBit],
    [false, true])
  func agreement(weights: TrainingSettings.Weights?, isTied: Bool) throws {
    let checkpoint = checkpoint(weights, isTied: isTied)
    let width: GPTWeightWidth = weights == nil ? .eight : .four
    let calibration = try GPTCalibration(
      of: checkpoint.shape, weights: checkpoint.weights, on: Self.text(seed: 1), window: 32)
    let model = try GPTQuantiser(checkpoint, width: width, calibration: calibration).quantised()
    #expect(model.shape.contextLength == 32 && model.width == width && model.shape.isTied == isTied)
    #expect(GPTImageFile.write(model).count == GPTImageFile.byteCount(of: model.shape, width))
    var integer = GPTIntegerEngine(model: model)
    var float = try GPTEngine(shape: checkpoint.shape, parameters: checkpoint.weights, contextLength: 32)
    var (error, size) = (0.0, 0.0)
    for (position, token) in Self.text(seed: 2).prefix(512).enumerated() {
      if position.isMultiple(of: 32) {
        integer.reset()
        float.reset()
      }
      let expected = float.step(token)
      for (found, logit) in zip(integer.step(token), expected) {
        error += pow(Double(found) * integer.logitKind.scale - Double(logit), 2)
        size += pow(Double(logit), 2)
      }
    }
    #expect(error / size < 0.002, "\((error / size).squareRoot()) of the logits' size")
  }

  @Test("of a context that the format cannot say is refused") func refusal() throws {
    var long = checkpoint(nil)
    long.settings.windowTokenCount = 700
    long.shape.contextLength = 700
    let calibration = try GPTCalibration(
      of: Self.shape, weights: checkpoint(nil).weights, on: Self.text(seed: 1), window: 32)
    #expect(throws: HintedError.self) { try GPTQuantiser(long, width: .eight, calibration: calibration) }
  }
}
