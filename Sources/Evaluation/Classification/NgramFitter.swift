import Basics
import Formats
import Foundation
import Model

/// Fits classifiers on hashed n-grams (Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", ICML
/// 2009): a logistic regression for each label against all other texts, its weights rounded to 4 bits while it learns.
public struct NgramFitter: Sendable {
  public struct Settings: Hashable, Codable, Sendable {
    /// The base-2 logarithm of the number of features.
    public var featureBits: Int
    /// The shortest and the longest run of bytes.
    public var runs: ClosedRange<Int>
    public var epochs: Int
    public var seed: UInt64
    /// Whether texts without their keywords are learned as texts that have no label.
    public var masksKeywords: Bool
    /// Whether a text counts inversely to how frequent its label is.
    public var balancesLabels: Bool
    /// The base-2 logarithm of the bits that remember pairs of words; 0 where none are remembered.
    public var pairBits: Int

    public init(
      featureBits: Int = 10, runs: ClosedRange<Int> = 2...4, epochs: Int = 30, seed: UInt64 = 0,
      masksKeywords: Bool = true, balancesLabels: Bool = false, pairBits: Int = 0
    ) {
      (self.featureBits, self.runs, self.epochs, self.seed) = (featureBits, runs, epochs, seed)
      (self.masksKeywords, self.balancesLabels, self.pairBits) = (masksKeywords, balancesLabels, pairBits)
    }
  }

  public struct Example: Hashable, Sendable {
    public var text: String
    /// Nil for a text that has none of the labels.
    public var label: Int?

    public init(text: String, label: Int?) { (self.text, self.label) = (text, label) }
  }

  static let batchCount = 128
  static let learningRate: Float = 0.05
  /// L2, on weights.
  static let decay: Float = 1e-5
  private let settings: Settings

  public init(_ settings: Settings = Settings()) { self.settings = settings }

  /// A classifier that refuses no text: its threshold is chosen on texts that it was not fitted on.
  /// - Throws: `HintedError` for labels that an image cannot hold.
  public func fit(_ examples: [Example], labels: [String]) throws -> NgramImage {
    try NgramImage.check(labels: labels)
    let masked =
      settings.masksKeywords ? KeywordMask(examples, labelCount: labels.count).strangers(of: examples) : []
    let all = examples + masked.map { Example(text: $0, label: nil) }
    let features = NgramFeatures(runs: settings.runs, bits: settings.featureBits)
    let texts = all.map { features.of($0.text) }
    var model = RoundedRegression(featureCount: 1 << settings.featureBits, labelCount: labels.count)
    let weights = Self.weights(of: all.map(\.label), labelCount: labels.count, balanced: settings.balancesLabels)
    var generator = SeededGenerator(seed: settings.seed)
    var order = Array(all.indices)
    let stepCount = settings.epochs * ((all.count + Self.batchCount - 1) / Self.batchCount)
    var step = 0
    for epoch in 0..<settings.epochs {
      for index in order.indices.dropFirst().reversed() { order.swapAt(index, generator.below(index + 1)) }
      for start in stride(from: 0, to: order.count, by: Self.batchCount) {
        // Floats find where the weights belong; from then on they are what an image holds.
        model.round(epoch >= settings.epochs / 3)
        for index in order[start..<min(start + Self.batchCount, order.count)] {
          model.learn(texts[index], all[index].label, weight: weights[index])
        }
        step += 1
        model.update(rate: Self.learningRate * Float(0.5 + 0.5 * cos(.pi * Double(step) / Double(stepCount))))
      }
    }
    var image = model.image(labels, settings)
    image.pairs = knownPairs(of: examples)
    return image
  }

  /// By how much the scores of a text are lowered if all of its pairs of words are new, as the logarithm of odds:
  /// notebooks/LOG.md says how it was chosen.
  static let newness = 12.0

  /// Pairs that several texts have: what one text alone says, such as a name, is no sign that another is like it.
  private func knownPairs(of examples: [Example]) -> KnownPairs? {
    guard settings.pairBits > 0 else { return nil }
    let texts = Set(examples.filter { $0.label != nil }.map(\.text))
    var counts: [UInt32: Int] = [:]
    for text in texts { for pair in Set(WordPairs.hashes(of: text)) { counts[pair, default: 0] += 1 } }
    var pairs = KnownPairs(bits: settings.pairBits, newness: UInt32(Self.newness * NgramImage.one))
    let least = max(2, min(6, texts.count / 2000))
    for (pair, count) in counts where count >= least { pairs.insert(pair) }
    return pairs
  }

  /// What each text counts: 1, or N / (K · the texts of its label), so that all labels count alike; 1 without a label.
  public static func weights(of labels: [Int?], labelCount: Int, balanced: Bool) -> [Float] {
    let known = labels.compactMap(\.self)
    let counts = known.reduce(into: Array(repeating: 0, count: labelCount)) { $0[$1] += 1 }
    let present = counts.count { $0 > 0 }
    return labels.map { label in
      guard balanced, let label else { return 1 }
      return Float(known.count) / Float(present * counts[label])
    }
  }
}

/// A regression while it is fitted, by Adam (Kingma and Ba, arXiv:1412.6980).
private struct RoundedRegression {
  private let labelCount: Int
  /// By feature, then by label; the biases come last.
  private var parameters: [Float]
  private var rounded: [Float]
  private var gradient: [Float]
  private var mean: [Float]
  private var square: [Float]
  private var scale: Float = 1
  private var limit: Float = .infinity
  private var step = 0
  private var scores: [Float]

  private var biasStart: Int { parameters.count - labelCount }

  init(featureCount: Int, labelCount: Int) {
    self.labelCount = labelCount
    parameters = Array(repeating: 0, count: (featureCount + 1) * labelCount)
    (rounded, gradient, mean, square) = (parameters, parameters, parameters, parameters)
    scores = Array(repeating: 0, count: labelCount)
  }

  /// Makes the weights that the next batch is computed with: to the nearest of -7 … 7 times the scale, or as they are.
  /// Few weights are largest; what is beyond three deviations is cut.
  mutating func round(_ rounds: Bool) {
    rounded = parameters
    limit = .infinity
    guard rounds else { return }
    let sum = parameters[..<biasStart].reduce(0) { $0 + $1 * $1 }
    scale = max(3 * (sum / Float(biasStart)).squareRoot() / 7, 1 / 4096)
    limit = 7.5 * scale
    for place in 0..<biasStart { rounded[place] = code(of: parameters[place]) * scale }
  }

  private func code(of weight: Float) -> Float { max(-7, min(7, (weight / scale).rounded())) }

  mutating func learn(_ features: [Int], _ label: Int?, weight: Float) {
    let size = features.isEmpty ? 0 : 1 / Float(features.count).squareRoot()
    for other in 0..<labelCount { scores[other] = 0 }
    for feature in features {
      for other in 0..<labelCount { scores[other] += rounded[feature * labelCount + other] }
    }
    for other in 0..<labelCount {
      let share = 1 / (1 + exp(-(rounded[biasStart + other] + size * scores[other])))
      scores[other] = weight * (share - (other == label ? 1 : 0))
      gradient[biasStart + other] += scores[other]
    }
    for feature in features {
      for other in 0..<labelCount { gradient[feature * labelCount + other] += size * scores[other] }
    }
  }

  mutating func update(rate: Float) {
    step += 1
    let (first, second) = (1 - powf(0.9, Float(step)), 1 - powf(0.999, Float(step)))
    for place in parameters.indices {
      // What is cut off does not move by what it would be beyond.
      let isBias = place >= biasStart
      var own = gradient[place] / Float(NgramFitter.batchCount)
      // What is cut off does not move by what it would be beyond.
      if !isBias, abs(parameters[place]) > limit { own = 0 }
      // Adam makes much of little: without decay, features that say nothing keep weights by chance.
      if !isBias { own += NgramFitter.decay * parameters[place] }
      gradient[place] = 0
      mean[place] += 0.1 * (own - mean[place])
      square[place] += 0.001 * (own * own - square[place])
      parameters[place] -= rate * (mean[place] / first) / ((square[place] / second).squareRoot() + 1e-8)
    }
  }

  mutating func image(_ labels: [String], _ settings: NgramFitter.Settings) -> NgramImage {
    round(true)
    let units = Float(NgramImage.one)
    return NgramImage(
      labels: labels.enumerated().map { index, name in
        let bias = (parameters[biasStart + index] * units).rounded()
        return NgramImage.Label(
          name: name, bias: Int32(max(-Float(NgramImage.biasLimit), min(Float(NgramImage.biasLimit), bias))))
      },
      runs: settings.runs, featureBits: settings.featureBits,
      scale: UInt32(max(1, min(1_048_576, (scale * units).rounded()))), threshold: NgramImage.refusesNone,
      weights: parameters[..<biasStart].map { Int8(code(of: $0)) })
  }
}
