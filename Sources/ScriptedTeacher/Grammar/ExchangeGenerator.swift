import Basics
import Foundation

/// One exchange as a grammar derived it.
public struct Exchange: Hashable, Sendable {
  /// The lines of the person and of the device, one below the other.
  public var text: String
  /// What the chosen alternatives say about it: `intent: lower`.
  public var labels: [String: String]
}

/// Derives exchanges at random: the same grammar, reading, temperature and generator give the same texts.
struct ExchangeGenerator {
  let grammar: Grammar
  let reading: PromptReading
  /// 1 draws by the weights, less sharpens them, more flattens them, 0 always takes the heaviest alternative.
  let temperature: Double
  /// How the requests are mistyped; nil for not at all.
  let noise: RequestNoise?
  private var random: SeededGenerator
  private var exchange = Exchange(text: "", labels: [:])
  private var values: [String: String] = [:]
  private var instead: [String: String] = [:]

  /// - Parameter grammar: as `Grammar.saying` gives it: what it holds out is said like the rest.
  init(
    grammar: Grammar, reading: PromptReading, temperature: Double, noise: RequestNoise? = nil, random: SeededGenerator
  ) {
    self.grammar = grammar
    self.reading = reading
    self.temperature = temperature
    self.noise = noise
    self.random = random
  }

  /// The next exchange.
  mutating func next() -> Exchange {
    exchange = Exchange(text: "", labels: [:])
    values = [:]
    instead = [:]
    derive(grammar.start)
    if temperature > 0, let noise { exchange.text = noise.mistyped(exchange.text, with: &random) }
    return exchange
  }

  private mutating func derive(_ rule: String) {
    guard let alternative = choose(from: reading.allowed(grammar.alternatives(of: rule))) else { return }
    exchange.labels.merge(alternative.labels) { first, _ in first }
    if rule == grammar.start { instead = alternative.instead }
    for piece in alternative.pieces {
      switch piece {
      case .text(let text): exchange.text += text
      case .rule(let name): derive(name)
      case .slot(let name, let isCapitalized):
        let value = value(of: name)
        exchange.text += isCapitalized ? value.capitalizedFirst : value
      }
    }
  }

  private mutating func value(of named: String) -> String {
    let slot = instead[named] ?? named
    if let value = values[slot] { return value }
    let candidates = reading.slotValues[slot] ?? grammar.values(of: slot)
    guard let first = candidates.first else { return "" }
    let value = temperature > 0 ? candidates[random.below(candidates.count)] : first
    values[slot] = value
    return value
  }

  /// Draws in proportion to `weight^(1 / temperature)`, as a language model's softmax does with its logits.
  private mutating func choose(from alternatives: [Grammar.Alternative]) -> Grammar.Alternative? {
    guard let heaviest = alternatives.map(\.weight).max() else { return nil }
    guard temperature > 0 else { return alternatives.first { $0.weight == heaviest } }
    let shares = Self.shares(of: alternatives, temperature: temperature)
    var left = random.below(shares.reduce(0, +))
    for (alternative, share) in zip(alternatives, shares) {
      if left < share { return alternative }
      left -= share
    }
    return alternatives.last
  }

  /// How often each alternative is drawn, in parts of their sum.
  /// - Parameter temperature: above 0.
  static func shares(of alternatives: [Grammar.Alternative], temperature: Double) -> [Int] {
    let heaviest = alternatives.map(\.weight).max() ?? 1
    // Whole parts of 2^32: the last bits of a power differ between systems, and must not reach the sum.
    return alternatives.map { max(1, Int(pow($0.weight / heaviest, 1 / temperature) * 0x1p32)) }
  }
}
