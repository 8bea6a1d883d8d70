import Similarity

/// Texts that go to one side of the split together: those of one group, and near duplicates that stay; and what hangs
/// together by both.
enum SplitUnits {
  /// - Parameters:
  ///   - groups: of each text.
  ///   - survivors: of each text the one that stands for its set of near duplicates; empty where all stand for
  ///     themselves.
  /// - Returns: of each text the number that its side follows from: the least of its unit, so that it depends on no
  ///   order.
  /// - Throws: `HintedError` where memory is short.
  static func keys<Key: Comparable & Hashable>(groups: [Key], survivors: [Int]) throws -> [Key] {
    guard !survivors.isEmpty else { return groups }
    let sets = DisjointSets()
    for _ in groups { try sets.append() }
    var first: [Key: Int] = [:]
    for (number, group) in groups.enumerated() {
      if let other = first[group] { sets.join(number, other) } else { first[group] = number }
      if survivors[number] != number { sets.join(number, survivors[number]) }
    }
    var least: [Int: Key] = [:]
    for (number, group) in groups.enumerated() {
      let root = sets.root(of: number)
      least[root] = min(least[root] ?? group, group)
    }
    return groups.indices.map { least[sets.root(of: $0)] ?? groups[$0] }
  }
}
