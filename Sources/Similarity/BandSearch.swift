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
      let members = Array(numbers[bucket])
      if members.count < Self.sharedTextCount {
        try collect(members, into: &pairs) { try isAlike(members[$0], members[$1], &meter) }
      } else {
        var sets = ShingleSets(count: members.count)
        try collect(members, into: &pairs) { first, second in
          let set = try sets.set(first) { try texts.bytes(of: members[first]) }
          return try sets.set(second) { try texts.bytes(of: members[second]) }.isAlike(set, atLeast: threshold)
        }
      }
      // Each text that is looked at may bring pages in.
      if position % 16_384 == 16_383, pool.hasSpilled { pool.release() }
    }
    return pairs
  }

  /// From so many texts with one hash on it pays to sort each text's shingles. Texts that one template made come by
  /// thousands.
  private static var sharedTextCount: Int { 6 }

  private func isAlike(_ first: Int, _ second: Int, _ meter: inout JaccardMeter) throws -> Bool {
    let (first, second) = (try texts.bytes(of: first), try texts.bytes(of: second))
    let similarity = first.withUnsafeBufferPointer { first in
      second.withUnsafeBufferPointer { meter.similarity(first, $0) }
    }
    return similarity >= threshold
  }

  /// Compares all members that are not in one set yet; sets that meet here are one from then on.
  /// - Parameter isAlike: of two members by their positions.
  private func collect(
    _ members: [Int], into pairs: inout [Pair], _ isAlike: (_ first: Int, _ second: Int) throws -> Bool
  ) throws {
    var labels = members.map { sets.root(of: $0) }
    var distinct = Set(labels)
    for (position, member) in members.enumerated() where distinct.count > 1 {
      let own = bits[member]
      for other in (position + 1)..<members.count where labels[other] != labels[position] {
        guard own.differenceCount(bits[members[other]]) <= largestDifference, try isAlike(position, other) else {
          continue
        }
        pairs.append(Pair(first: member, second: members[other]))
        let joined = labels[other]
        distinct.remove(joined)
        for index in labels.indices where labels[index] == joined { labels[index] = labels[position] }
      }
    }
  }
}
