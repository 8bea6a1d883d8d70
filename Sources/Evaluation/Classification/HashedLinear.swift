import Basics
import Foundation

/// What one would take instead: logistic regression on hashed character n-grams (Weinberger et al., "Feature Hashing
/// for Large Scale Multitask Learning", ICML 2009), its weights in 4 bits. Binary features, in small letters, with a
/// blank at both ends.
public struct HashedLinear: Sendable {
  public struct Settings: Hashable, Codable, Sendable {
    public var featureCount: Int
    /// The shortest and the longest run of bytes.
    public var runs: ClosedRange<Int>
    public var epochs: Int

    public init(featureCount: Int = 1024, runs: ClosedRange<Int> = 2...4, epochs: Int = 20) {
      (self.featureCount, self.runs, self.epochs) = (featureCount, runs, epochs)
    }
  }

  private let settings: Settings
  private let labelCount: Int
  /// By feature, then by label.
  private var weights: [Float]
  private var biases: [Float]

  /// Weights in 4 bits, a scale for each label, and its bias.
  public var byteCount: Int { (settings.featureCount * labelCount + 1) / 2 + 8 * labelCount }

  /// Fits by stochastic gradient descent with a rate that falls to nothing, and rounds the weights.
  public init(_ texts: [(text: String, label: Int)], labelCount: Int, settings: Settings = Settings(), seed: UInt64 = 0)
  {
    self.settings = settings
    self.labelCount = labelCount
    weights = Array(repeating: 0, count: settings.featureCount * labelCount)
    biases = Array(repeating: 0, count: labelCount)
    let features = texts.map { Self.features(of: $0.text, settings) }
    var generator = SeededGenerator(seed: seed)
    var order = Array(texts.indices)
    let stepCount = settings.epochs * texts.count
    for epoch in 0..<settings.epochs {
      for index in order.indices.dropFirst().reversed() { order.swapAt(index, generator.below(index + 1)) }
      for (step, index) in order.enumerated() {
        let rate = 0.5 * (1 - Float(epoch * texts.count + step) / Float(max(1, stepCount)))
        learn(features[index], texts[index].label, rate)
      }
    }
    round()
  }

  private mutating func learn(_ features: [Int], _ label: Int, _ rate: Float) {
    let shares = softmax(scores(features))
    // The mean of a text's features, so that long texts are no louder.
    let size = 1 / Float(max(1, features.count)).squareRoot()
    for other in 0..<labelCount {
      let gradient = (other == label ? 1 : 0) - Float(shares[other])
      biases[other] += rate * 0.1 * gradient
      for feature in features { weights[feature * labelCount + other] += rate * gradient * size }
    }
  }

  private func scores(_ features: [Int]) -> [Float] {
    let size = 1 / Float(max(1, features.count)).squareRoot()
    var sums = biases
    for feature in features {
      for label in 0..<labelCount { sums[label] += size * weights[feature * labelCount + label] }
    }
    return sums
  }

  /// To the nearest of -7 … 7 times a label's scale.
  private mutating func round() {
    for label in 0..<labelCount {
      let places = stride(from: label, to: weights.count, by: labelCount)
      // Few weights are largest; what is beyond three deviations is cut.
      let deviation = (places.reduce(0) { $0 + weights[$1] * weights[$1] } / Float(settings.featureCount)).squareRoot()
      let scale = max(3 * deviation / 7, .leastNormalMagnitude)
      for place in places { weights[place] = max(-7, min(7, (weights[place] / scale).rounded())) * scale }
    }
  }

  public func probabilities(of text: String) -> [Double] { softmax(scores(Self.features(of: text, settings))) }

  private func softmax(_ scores: [Float]) -> [Double] {
    let largest = scores.max() ?? 0
    let weights = scores.map { exp(Double($0 - largest)) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }

  /// Each feature once. FNV-1a, 64 bits, folded.
  static func features(of text: String, _ settings: Settings) -> [Int] {
    let bytes = Array(" \(text.lowercased()) ".utf8)
    var found = Set<Int>()
    for start in bytes.indices {
      var hash: UInt64 = 0xcbf2_9ce4_8422_2325
      for (length, byte) in bytes[start...].prefix(settings.runs.upperBound).enumerated() {
        hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        guard length + 1 >= settings.runs.lowerBound else { continue }
        found.insert(Int((hash ^ hash >> 29) % UInt64(settings.featureCount)))
      }
    }
    return found.sorted()
  }
}
