import Basics

/// The number of each text by its hash: open addressing in some ten bytes a text. The hashes themselves stay with the
/// texts; a slot holds 32 of their bits, and only where those are equal is the whole hash looked at.
public struct TextHashTable {
  private var slots: ScratchArray<UInt64>
  private let pool: ScratchPool
  private var count = 0

  /// Numbers have 32 bits.
  public static let largestCount = Int(UInt32.max)

  /// - Throws: `HintedError` where the pool's disk has no room.
  public init(_ pool: ScratchPool) throws {
    self.pool = pool
    slots = try ScratchArray(repeating: 0, count: 1024, pool)
  }

  /// Gives a text that is new the next number.
  /// - Parameter hashes: of each number that was given.
  /// - Returns: the number of the text that has this hash already; nil for a new one.
  /// - Throws: `HintedError` where the disk has no room, and for more than 4,294,967,295 texts.
  public mutating func insert(_ hash: TextHash, hashes: (Int) -> TextHash) throws -> Int? {
    if 4 * (count + 1) > 3 * slots.count { try grow(hashes) }
    var slot = firstSlot(of: hash)
    while slots[slot] != 0 {
      let number = Int(truncatingIfNeeded: slots[slot] & 0xffff_ffff) - 1
      if slots[slot] >> 32 == hash.high >> 32, hashes(number) == hash { return number }
      slot = (slot + 1) & (slots.count - 1)
    }
    guard count < Self.largestCount else {
      throw HintedError(
        "more than \(ReadableUnits.count(Self.largestCount)) different texts", hint: "curate the files in parts")
    }
    slots[slot] = entry(hash, count)
    count += 1
    return nil
  }

  private func firstSlot(of hash: TextHash) -> Int { Int(truncatingIfNeeded: hash.low) & (slots.count - 1) }

  private func entry(_ hash: TextHash, _ number: Int) -> UInt64 { (hash.high >> 32) << 32 | UInt64(number + 1) }

  private mutating func grow(_ hashes: (Int) -> TextHash) throws {
    slots = try ScratchArray(repeating: 0, count: 2 * slots.count, pool)
    for number in 0..<count {
      let hash = hashes(number)
      var slot = firstSlot(of: hash)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = entry(hash, number)
    }
  }
}
