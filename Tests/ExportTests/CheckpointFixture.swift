import Basics
import Formats
import Networks

/// Checkpoints of a small shape whose parameters are drawn from a seed.
enum CheckpointFixture {
  static let shape = AtomeShape(modelWidth: 6, layerCount: 2, headWidth: 3, topK: 2, kernelSize: 3)

  static func make(seed: UInt64) -> Checkpoint {
    var generator = SeededGenerator(seed: seed)
    let parameters = (0..<ParameterLayout(shape).count).map { _ in Float(generator.unit() - 0.5) }
    let zeros = [Float](repeating: 0, count: parameters.count)
    return Checkpoint(
      shape: shape, settings: settings, dataID: ContentID(of: "data"), step: 1, generator: generator,
      parameters: parameters, firstMoment: zeros, secondMoment: zeros)
  }

  private static let settings = TrainingSettings(
    recipe: "test", stepCount: 2, batchCount: 1, windowTokenCount: 8, seed: 0, initialScale: 1, learningRate: 0.01,
    warmUpStepCount: 0, schedule: .constant, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0, muon: nil,
    scales: .learned, clipNorm: nil, evaluationInterval: 1)
}
