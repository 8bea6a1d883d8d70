import Basics
import Formats
import Networks
import Training

/// A model and a text so small that a run takes milliseconds.
enum TrainingFixture {
  static let shape = AtomeShape(modelWidth: 12, layerCount: 2, headWidth: 4, topK: 2, kernelSize: 3)

  /// Written out, so that a better default recipe leaves the recorded hashes alone.
  static let settings = TrainingSettings(
    recipe: "test", stepCount: 12, batchCount: 5, windowTokenCount: 24, seed: 0, initialScale: 0.5,
    learningRate: 0.01, warmUpStepCount: 3, schedule: .cosine, beta1: 0.9, beta2: 0.95, epsilon: 1e-8,
    weightDecay: 0.1, muon: TrainingSettings.Muon(learningRate: 0.02, momentum: 0.95), scales: .learned, clipNorm: 1,
    evaluationInterval: 5)

  static func data() throws -> TrainingData {
    let text = String(repeating: "The brown fox jumps. ", count: 60)
    return try TrainingData(text: Array(text.utf8), window: settings.windowTokenCount)
  }

  static func checkpoint(steps: Int = 12) throws -> Checkpoint {
    let trainer = try Trainer(shape: shape, settings: settings, data: data(), threadCount: 1)
    for _ in 0..<steps { _ = try trainer.advance() }
    return trainer.checkpoint()
  }
}
