import Basics
import Formats
import Foundation
import Kernels
import Model

extension Trainer {
  /// Whether all steps were done.
  public var isFinished: Bool { step >= settings.stepCount }

  /// Runs the steps that remain, with an evaluation of the held-out text at the settings' interval and after the last.
  /// - Parameter onStep: is told of every step; it may save a checkpoint, and stops the run by throwing.
  /// - Throws: `CancellationError` between two steps when the task is cancelled: the trainer can then still be saved or
  ///   go on. `HintedError` when the loss is no longer a number.
  public func run(onStep: (StepMetrics) throws -> Void = { _ in }) throws {
    while !isFinished {
      try Task.checkCancellation()
      var metrics = try advance()
      if step.isMultiple(of: settings.evaluationInterval) || isFinished {
        metrics.heldOutBitsPerByte = heldOutBitsPerByte()
      }
      try onStep(metrics)
    }
  }

  /// Does one step.
  public func advance() throws -> StepMetrics {
    let clock = ContinuousClock()
    let start = clock.now
    for index in lanes.batch.indices { lanes.batch[index] = nextWindow() }
    pool.forEach(lanes.laneCount, of: lanes)
    pool.forEach(reduction.pieceCount, of: reduction)
    let (bitsPerByte, norm) = (lanes.bitsPerByte, reduction.norm)
    guard bitsPerByte.isFinite, norm.isFinite else { throw divergence }
    // After the norm, which is that of the weights' gradient: clipping does not depend on whether scales are learned.
    if settings.computesScales { weights.fillScaleGradient(of: state.gradient, parameters: state.parameters) }
    step += 1
    update.prepare(step: step, norm: norm)
    pool.forEach(update.pieceCount, of: update)
    refreshWeights()
    let seconds = (clock.now - start) / Duration.seconds(1)
    return StepMetrics(
      step: step, stepCount: settings.stepCount, bitsPerByte: bitsPerByte,
      learningRate: settings.learningRate(atStep: step),
      gradientNorm: norm, bytesPerSecond: Double(settings.batchCount * settings.windowByteCount) / seconds)
  }

  /// Where a window of the training text begins.
  private func nextWindow() -> Int {
    let size = data.windowByteCount
    switch settings.windows ?? .aligned {
    case .aligned: return generator.below(data.trainWindowCount) * size
    case .anywhere: return generator.below(data.train.count - size + 1)
    }
  }

  /// Bits per byte on all held-out windows with the parameters as they are.
  public func heldOutBitsPerByte() -> Double {
    evaluate()
    return evaluation.bitsPerByte
  }

  /// The sum of each held-out window's cross-entropies with the parameters as they are, in nats: what a comparison
  /// of two models pairs.
  public func heldOutWindowNats() -> [Double] {
    evaluate()
    return evaluation.windowNats
  }

  /// Without the noise of training: as the exporter rounds.
  private func evaluate() {
    guard case .noisy(let noise) = refresh.rounding else {
      return pool.forEach(evaluation.pieceCount, of: evaluation)
    }
    refreshWeights(.ternary)
    pool.forEach(evaluation.pieceCount, of: evaluation)
    refreshWeights(.noisy(noise))
  }

  private var divergence: HintedError {
    HintedError(
      "training diverged: the loss of step \(step + 1) is not a number",
      hint: "lower the learning rate (now \(settings.learningRate)) or set a clip norm", status: .answerIsNo)
  }
}

extension TrainingSettings {
  /// The numbers of one AdamW step, counted from 1, for a gradient of length `norm`.
  func rule(atStep step: Int, norm: Double) -> AdamWRule<Float> {
    let clipping = clipNorm.map { min(1, Double($0) / max(norm, 1e-12)) } ?? 1
    return AdamWRule(
      learningRate: learningRate(atStep: step), weightDecay: weightDecay, beta1: beta1, beta2: beta2,
      correction1: Float(1 - pow(Double(beta1), Double(step))),
      correction2: Float(1 - pow(Double(beta2), Double(step))), epsilon: epsilon, gradientScale: Float(clipping))
  }
}
