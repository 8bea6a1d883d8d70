import Basics
import Formats
import Foundation
import Kernels
import Model
import Networks

extension TrainingSettings {
  /// The published recipe: PyTorch's AdamW with its default betas, epsilon and weight decay at a constant 3e-4, no
  /// warm-up, no clipping.
  public static let published = TrainingSettings(
    recipe: "published", stepCount: 3000, batchCount: 16, windowTokenCount: 64, seed: 0, initialScale: linearScale,
    learningRate: 3e-4, warmUpStepCount: 0, schedule: .constant, beta1: 0.9, beta2: 0.999, epsilon: 1e-8,
    weightDecay: 0.01,
    muon: nil, scales: .mean, clipNorm: nil, evaluationInterval: 500)

  /// The best recipe that we know; docs/training.md has the measurements behind it.
  public static let standard = TrainingSettings(
    recipe: "default", stepCount: 3000, batchCount: 16, windowTokenCount: 64, seed: 0, initialScale: linearScale,
    learningRate: 1e-2, warmUpStepCount: 100, schedule: .cosine, beta1: 0.9, beta2: 0.95, epsilon: 1e-8,
    weightDecay: 0.1, windows: .anywhere,
    muon: Muon(learningRate: 0.02, momentum: 0.95, ternaryWeightDecay: 0.25), scales: .learned,
    dither: Dither(width: 0.3, end: 0.8), ternaryEnd: 0.85, clipNorm: 1, evaluationInterval: 500)

  /// The default recipe with AdamW for all matrices.
  public static let adamW = {
    var settings = standard
    settings.recipe = "adamw"
    settings.muon = nil
    return settings
  }()

  /// The default recipe for compact students: they have no trits, so nothing of those.
  public static let compact = {
    var settings = standard
    settings.recipe = "compact"
    settings.muon?.ternaryWeightDecay = nil
    settings.scales = .mean
    settings.dither = nil
    settings.ternaryEnd = nil
    return settings
  }()

  /// 1 / sqrt(3): the deviation of PyTorch's default for linear layers, uniform within 1 / sqrt(fan-in).
  static let linearScale: Float = 0.577_350_27

  /// All recipes, the default first.
  public static let recipes = [standard, published, adamW, compact]

  /// The recipe of that name.
  /// - Throws: `HintedError` that lists the names.
  public static func recipe(named name: String) throws -> TrainingSettings {
    if let found = recipes.first(where: { $0.recipe == name }) { return found }
    let names = recipes.map(\.recipe).joined(separator: ", ")
    throw HintedError("there is no training recipe named '\(name)'", hint: "recipes: \(names)", status: .usage)
  }

  /// The recipe of that name for students of an architecture: `default` is what is best for each.
  public static func recipe(named name: String, for architecture: Architecture) throws -> TrainingSettings {
    architecture == .compact && name == standard.recipe ? compact : try recipe(named: name)
  }

  /// The learning rate of a step, counted from 1.
  public func learningRate(atStep step: Int) -> Float { learningRate * rateFactor(atStep: step) }

  /// What part of the full learning rate a step has.
  func rateFactor(atStep step: Int) -> Float { rateFactor(atStep: step, of: stepCount) }

  /// The same for ternary tensors.
  func ternaryRateFactor(atStep step: Int) -> Float {
    guard let ternaryEnd, roundsWeights else { return rateFactor(atStep: step) }
    let count = Int((Double(ternaryEnd) * Double(stepCount)).rounded())
    return step > count ? 0 : rateFactor(atStep: step, of: count)
  }

  private func rateFactor(atStep step: Int, of stepCount: Int) -> Float {
    if step <= warmUpStepCount { return Float(step) / Float(warmUpStepCount) }
    switch schedule {
    case .constant: return 1
    case .cosine:
      let done = Double(step - warmUpStepCount) / Double(max(1, stepCount - warmUpStepCount))
      return Float(0.5 + 0.5 * cos(.pi * min(1, done)))
    }
  }

  private func noise(afterSteps step: Int) -> RoundingNoise? {
    guard let dither else { return nil }
    let left = 1 - Double(step) / (Double(dither.end) * Double(stepCount))
    return left > 0 ? RoundingNoise(width: dither.width * Float(left), seed: seed, step: step) : nil
  }

  /// How weights are rounded for the step that follows so many.
  func rounding(afterSteps step: Int) -> WeightRounding {
    guard roundsWeights else { return .none }
    let noise = noise(afterSteps: step)
    if let weights { return .rows(levels: weights.levels, noise: noise) }
    return noise.map { .noisy($0) } ?? .ternary
  }
}
