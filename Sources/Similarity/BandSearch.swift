import Basics

/// What a search holds in memory of each text: 8 bytes of hash and number twice while they are sorted, and the number.
let bandEntryByteCount = 24

/// The pairs of one band that are alike and not yet in one set; of a part of its hashes, where all would take too much
/// memory.
struct BandSearch<Texts: NumberedTexts>: Sendable {
  let hashes: ScratchArray<UInt32>
  let part: Int
  let partCount: Int
  let bits: ScratchArray<SketchBits>
  let sets: DisjointSets
  let texts: Texts
  let pool: ScratchPool
  let threshold: Double
  let largestDifference: Int

  struct Pair: Sendable {
    var first: Int
    var second: Int
  }

  /// Texts whose band has one hash.
  private typealias Bucket = Range<Int>

  func pairs(threadCount: Int) async throws -> [Pair] {
    var entries: [UInt64] = []
    entries.reserveCapacity(hashes.count / partCount + 1024)
    for number in hashes.indices where isInPart(hashes[number]) {
      entries.append(UInt64(hashes[number]) << 32 | UInt64(number))
    }
    if pool.hasSpilled { pool.release() }
    sortByUpperHalf(&entries)
    let (numbers, buckets) = (entries.map { Int($0 & 0xffff_ffff) }, buckets(of: entries))
    return try await withThrowingTaskGroup(of: [Pair].self) { group in
      for part in 0..<threadCount {
        // Every n-th bucket, since equal texts stand together.
        let share = stride(from: part, to: buckets.count, by: threadCount).map { buckets[$0] }
        group.addTask { try pairs(in: share, numbers) }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
  }

  private func isInPart(_ hash: UInt32) -> Bool {
    partCount == 1 || (UInt64(hash) * UInt64(partCount)) >> 32 == UInt64(part)
  }

  private func buckets(of entries: [UInt64]) -> [Bucket] {
    var buckets: [Bucket] = []
    var start = 0
    for position in 1...max(1, entries.count)
    where position >= entries.count || entries[position] >> 32 != entries[start] >> 32 {
      if position - start > 1, position <= entries.count { buckets.append(start..<position) }
      start = position
    }
    return buckets
  }

  private func pairs(in buckets: [Bucket], _ numbers: [Int]) throws -> [Pair] {
    var meter = JaccardMeter()
    var pairs: [Pair] = []
    for (position, bucket) in buckets.enumerated() {
      try collect(Array(numbers[bucket]), &meter, &pairs)
      // Each text that is looked at may bring pages in.
      if position % 16_384 == 16_383, pool.hasSpilled { pool.release() }
    }
    return pairs
  }

  /// Compares all members that are not in one set yet; sets that meet here are one from then on.
  private func collect(_ members: [Int], _ meter: inout JaccardMeter, _ pairs: inout [Pair]) throws {
    var labels = members.map { sets.root(of: $0) }
    var distinct = Set(labels)
    for (position, member) in members.enumerated() where distinct.count > 1 {
      var text: [UInt8]?
      for other in (position + 1)..<members.count where labels[other] != labels[position] {
        guard bits[member].differenceCount(bits[members[other]]) <= largestDifference else { continue }
        let first = try text ?? texts.bytes(of: member)
        text = first
        let second = try texts.bytes(of: members[other])
        let similarity = first.withUnsafeBufferPointer { first in
          second.withUnsafeBufferPointer { meter.similarity(first, $0) }
        }
        guard similarity >= threshold else { continue }
        pairs.append(Pair(first: member, second: members[other]))
        let joined = labels[other]
        distinct.remove(joined)
        for index in labels.indices where labels[index] == joined { labels[index] = labels[position] }
      }
    }
  }
}
