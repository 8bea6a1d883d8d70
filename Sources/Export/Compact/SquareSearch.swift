import Foundation
import Model
import Networks

/// Searches the units of squared hidden numbers by what a whole student's predictions lose. The unit with the least
/// squared error of each square alone is too coarse, the more so the longer a student was trained: most squares are
/// small, what is below half a step becomes 0, and a matrix adds up hundreds of these errors, which all have one sign.
struct SquareSearch {
  /// Where limits of squares begin: at those with the least squared error, of which they are the parts `parts`.
  var quantiser: CompactQuantiser
  let examples: [CompactCalibration.Example]

  /// Tries to go down, then up, block after block, for as long as the loss falls.
  func quantised() throws -> CompactModel {
    var search = self
    var best = try search.loss()
    for block in quantiser.squareParts.indices {
      for factor in [1 / 1.2, 1.2] where search.quantiser.squareParts[block] == 1 {
        try search.follow(factor, block, &best)
      }
    }
    return try search.quantiser.quantised()
  }

  private mutating func follow(_ factor: Double, _ block: Int, _ best: inout Double) throws {
    while true {
      let before = quantiser.squareParts[block]
      quantiser.squareParts[block] = before * factor
      let loss = try loss()
      guard loss < best else {
        quantiser.squareParts[block] = before
        return
      }
      best = loss
    }
  }

  /// The divergence of the integer student's predictions from the float student's, KL(float, integer), in nats, added
  /// up over all positions. It varies less than the text's own loss, and no text can be learned by heart through it.
  private func loss() throws -> Double {
    var engine = try CompactIntegerEngine(model: try quantiser.quantised(), contextLength: 1)
    return examples.reduce(0) { sum, example in
      engine.reset()
      return zip(example.tokens, example.predictions).reduce(sum) { sum, position in
        let logits = engine.step(together: position.0)
        return sum + divergence(position.1, logProbabilities(logits, scale: engine.logitKind.scale))
      }
    }
  }
}

/// KL(p, q) of log-probabilities.
private func divergence(_ p: [Double], _ q: [Double]) -> Double {
  p.indices.reduce(0) { $0 + exp(p[$1]) * (p[$1] - q[$1]) }
}

func logProbabilities(_ logits: [Float], scale: Double) -> [Double] {
  let largest = Double(logits.max() ?? 0)
  let nats = logits.map { (Double($0) - largest) * scale }
  let total = log(nats.reduce(0) { $0 + exp($1) })
  return nats.map { $0 - total }
}
