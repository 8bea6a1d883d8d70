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
        let loss = try heldOutLoss()
        (metrics.heldOutBitsPerByte, metrics.heldOutReplyBitsPerByte) = (loss.bitsPerByte, loss.replyBitsPerByte)
      }
      try onStep(metrics)
    }
  }

  /// Does one step.
  /// - Throws: `HintedError` when the loss is no longer a number, or a document cannot be read.
  public func advance() throws -> StepMetrics {
    let clock = ContinuousClock()
    let start = clock.now
    try source.fill(lanes.batch, step: step)
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
      gradientNorm: norm, byteCount: lanes.batch.byteCount, bytesPerSecond: Double(lanes.batch.byteCount) / seconds)
  }

  /// The loss on all that is held out with the parameters as they are: of texts in windows that do not overlap, of
  /// documents each once and from an empty state.
  /// - Throws: `HintedError` when a document cannot be read.
  public func heldOutLoss() throws -> HeldOutLoss { try evaluate().loss }

  /// Its bits per byte.
  public func heldOutBitsPerByte() throws -> Double { try evaluate().loss.bitsPerByte }

  /// The sum of each held-out window's cross-entropies, or of each held-out document's, with the parameters as they
  /// are, in nats: what a comparison of two models pairs.
  public func heldOutWindowNats() throws -> [Double] { try evaluate().nats }

  /// The same with other parameters, such as the trained ones after rounding to fewer bits.
  public func heldOutWindowNats(with parameters: [Float]) throws -> [Double] {
    let own = state.parameters.array
    state.parameters.fill(from: parameters)
    refreshWeights()
    defer {
      state.parameters.fill(from: own)
      refreshWeights()
    }
    return try evaluate().nats
  }

  /// Without the noise of training: as the exporter rounds.
  private func evaluate() throws -> (loss: HeldOutLoss, nats: [Double]) {
    let rounding = refresh.rounding
    guard rounding != rounding.quiet else { return try evaluation.evaluate(pool) }
    refreshWeights(rounding.quiet)
    defer { refreshWeights(rounding) }
    return try evaluation.evaluate(pool)
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
