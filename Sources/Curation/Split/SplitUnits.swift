import Basics
import Similarity

/// Texts that go to one side of the split together: those of one group, and near duplicates that stay; and what hangs
/// together by both.
enum SplitUnits {
  /// - Parameters:
  ///   - groups: of each text.
  ///   - survivors: of each text the one that stands for its set of near duplicates; empty where all stand for
  ///     themselves.
  ///   - pool: what is remembered of the texts lies there.
  /// - Returns: of each text the number that its side follows from: the least of its unit, so that it depends on no
  ///   order.
  /// - Throws: `HintedError` where the disk has no room.
  static func keys(
    groups: ScratchArray<UInt64>, survivors: ScratchArray<UInt32>, _ pool: ScratchPool
  ) throws -> ScratchArray<UInt64> {
    guard !survivors.isEmpty else { return groups }
    let sets = DisjointSets(pool)
    for _ in groups.indices { try sets.append() }
    var numbering = try HashNumbering(pool)
    let first = ScratchArray<UInt32>(pool)
    for number in groups.indices {
      let group = try numbering.number(of: groups[number])
      if group < first.count { sets.join(number, Int(first[group])) } else { try first.append(UInt32(number)) }
      if Int(survivors[number]) != number { sets.join(number, Int(survivors[number])) }
    }
    let keys = try ScratchArray<UInt64>(repeating: .max, count: groups.count, pool)
    for number in groups.indices {
      let root = sets.root(of: number)
      keys[root] = min(keys[root], groups[number])
    }
    // A root is the least of its set, so it keeps its key until all behind it have taken it.
    for number in groups.indices { keys[number] = keys[sets.root(of: number)] }
    return keys
  }
}
