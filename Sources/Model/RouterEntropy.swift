import Foundation
import Networks

/// An engine that tells how its routers mixed the three pathways at the last position.
public protocol RouterObserving: LogitSource {
  /// r of every block: local, state, sparse; each sums to about 1.
  var routerWeights: [[Float]] { get }
}

extension ReferenceEngine: RouterObserving {}
extension IntegerEngine: RouterObserving {}

extension RouterObserving {
  /// H(r) / log 3 of every block at the last position: 0 where one pathway has all the weight, 1 where all have the
  /// same.
  public var routerEntropies: [Double] { routerWeights.map(normalisedEntropy) }

  /// Their mean over the blocks.
  public var meanRouterEntropy: Double {
    let entropies = routerEntropies
    return entropies.reduce(0, +) / Double(max(1, entropies.count))
  }
}

/// Shannon's entropy of weights that are made to sum to 1, over the largest that so many weights can have.
public func normalisedEntropy(_ weights: [Float]) -> Double {
  let sum = weights.reduce(0.0) { $0 + Double($1) }
  guard sum > 0, weights.count > 1 else { return 0 }
  let entropy = weights.reduce(0.0) { total, weight in
    let share = Double(weight) / sum
    return share > 0 ? total - share * log(share) : total
  }
  return min(1, entropy / log(Double(weights.count)))
}
