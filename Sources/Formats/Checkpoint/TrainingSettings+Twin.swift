import Basics

/// Distillation from a twin: a student whose weights are rounded learns from the same network without rounding, which
/// was trained on the same text in the same order. docs/training.md has what it brings.
extension TrainingSettings {
  /// What the twin of such a run is trained with: the same, but in floats and from the text alone; nil for a run
  /// without a twin. With the run's shape and data it decides the twin's every byte, so a run needs not name its twin.
  public var twin: TrainingSettings? {
    guard twinShare != nil else { return nil }
    var twin = self
    twin.twinShare = nil
    // A teacher is trained to the end.
    twin.patience = nil
    if weights != nil {
      twin.weights = nil
    } else {
      var ablation = ablation ?? Ablation()
      ablation.floatWeights = true
      twin.ablation = ablation
    }
    return twin
  }
}

extension StoredCheckpoint {
  /// - Throws: `HintedError` for what was trained without rounding or without a part: a measurement, or a twin, which
  ///   no engine runs.
  public func checkWhole() throws {
    guard let ablation = settings.ablation else { return }
    throw HintedError(
      "the checkpoint is an ablation (\(ablation)), which no engine runs and no image can hold",
      hint: "train without it to export; `alambic compare --ablate` measures ablations, and a .twin is the teacher of "
        + "the checkpoint beside it", status: .usage)
  }
}
