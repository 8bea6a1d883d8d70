import Basics
import Formats
import Lineage
import Training

/// A model and a text so small that a run takes milliseconds.
enum TrainingFixture {
  static let shape = AtomeShape(modelWidth: 12, layerCount: 2, headWidth: 4, topK: 2, kernelSize: 3)

  static var settings: TrainingSettings {
    var settings = TrainingSettings.standard
    settings.stepCount = 12
    settings.batchCount = 5
    settings.windowByteCount = 24
    settings.warmUpStepCount = 3
    settings.evaluationInterval = 5
    return settings
  }

  static func data() throws -> TrainingData {
    let text = String(repeating: "The brown fox jumps. ", count: 60)
    return try TrainingData(text: Array(text.utf8), window: settings.windowByteCount)
  }

  static func checkpoint(steps: Int = 12) throws -> Checkpoint {
    let trainer = try Trainer(shape: shape, settings: settings, data: data(), threadCount: 1)
    for _ in 0..<steps { _ = try trainer.advance() }
    return trainer.checkpoint()
  }
}
