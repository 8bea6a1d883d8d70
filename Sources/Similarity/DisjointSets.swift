import Basics

/// Sets of numbers that are joined two by two (union-find). A set's root is its least member, so that the result is
/// the same in whatever order they are joined. A copy is the same sets.
public struct DisjointSets: Sendable {
  private let parents: ScratchArray<UInt32>

  public init(_ pool: ScratchPool = .unbounded()) { parents = ScratchArray(pool) }

  public var count: Int { parents.count }

  /// Adds a number, alone in its set.
  /// - Throws: `HintedError` where the pool's disk has no room.
  public func append() throws { try parents.append(UInt32(parents.count)) }

  public func root(of member: Int) -> Int {
    var member = UInt32(member)
    while parents[Int(member)] != member { member = parents[Int(member)] }
    return Int(member)
  }

  public func join(_ first: Int, _ second: Int) {
    let (a, b) = (compressedRoot(of: first), compressedRoot(of: second))
    if a != b { parents[max(a, b)] = UInt32(min(a, b)) }
  }

  /// Halves the path on its way (Tarjan and van Leeuwen, "Worst-case Analysis of Set Union Algorithms", 1984).
  private func compressedRoot(of member: Int) -> Int {
    var member = member
    while parents[member] != member {
      parents[member] = parents[Int(parents[member])]
      member = Int(parents[member])
    }
    return member
  }

  /// Makes every member point at its root.
  public func flatten() {
    // A parent is less than its child, so it is flat already.
    for member in parents.indices { parents[member] = parents[Int(parents[member])] }
  }
}
