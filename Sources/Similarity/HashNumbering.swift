import Basics

/// Numbers different 64-bit hashes in the order in which they come, from 0.
public struct HashNumbering {
  private var table: TextHashTable
  private let hashes: ScratchArray<UInt64>

  /// - Throws: `HintedError` where the pool's disk has no room.
  public init(_ pool: ScratchPool) throws {
    table = try TextHashTable(pool)
    hashes = ScratchArray(pool)
  }

  public var count: Int { hashes.count }

  /// The hash's number: `count` before the call for one that is new.
  /// - Throws: `HintedError` where the disk has no room.
  public mutating func number(of hash: UInt64) throws -> Int {
    if let number = try table.insert(Self.spread(hash), hashes: { [hashes] in Self.spread(hashes[$0]) }) {
      return number
    }
    try hashes.append(hash)
    return hashes.count - 1
  }

  /// A table's slot and what it remembers come of different halves.
  private static func spread(_ hash: UInt64) -> TextHash { TextHash(high: hash, low: finalMix(hash)) }
}
