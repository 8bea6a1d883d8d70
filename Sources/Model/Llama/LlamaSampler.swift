import Basics
import Foundation

/// Temperature and nucleus (Holtzman et al., arXiv:1904.09751) over a model's logits.
public struct LlamaSampler: Sendable {
  private let temperature: Double
  private let topP: Double
  private var random: SeededGenerator

  /// - Parameter temperature: 0 for the likeliest token, the first of equals.
  public init(temperature: Double, topP: Double, random: SeededGenerator) {
    self.temperature = temperature
    self.topP = topP
    self.random = random
  }

  public mutating func next(_ logits: [Float]) -> Int {
    let largest = logits.max() ?? 0
    guard temperature > 0 else { return logits.firstIndex(of: largest) ?? 0 }
    let weights = logits.map { exp(Double($0 - largest) / temperature) }
    let nucleus = nucleus(weights)
    var place = random.unit() * nucleus.reduce(0) { $0 + weights[$1] }
    for token in nucleus {
      place -= weights[token]
      if place < 0 { return token }
    }
    // Sums that were rounded may leave a crumb.
    return nucleus.last ?? 0
  }

  /// The likeliest tokens whose weights reach the share of all, at least one; by number where all may come.
  private func nucleus(_ weights: [Double]) -> [Int] {
    guard topP < 1 else { return Array(weights.indices) }
    let needed = topP * weights.reduce(0, +)
    var reached = 0.0
    let ordered = weights.indices.sorted { (-weights[$0], $0) < (-weights[$1], $1) }
    return Array(
      ordered.prefix { token in
        defer { reached += weights[token] }
        return reached == 0 || reached < needed
      })
  }
}
