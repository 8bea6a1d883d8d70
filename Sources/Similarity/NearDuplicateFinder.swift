import Basics

/// Where the texts of a search are read again, by number.
public protocol NumberedTexts: Sendable {
  /// - Throws: `HintedError` where it cannot be read.
  func bytes(of number: Int) throws -> [UInt8]
}

/// Finds texts that are nearly the same: MinHash with locality-sensitive hashing (Broder 1997; Indyk and Motwani,
/// "Approximate Nearest Neighbors", STOC 1998). Texts that share a band of their sketches are compared, by bits of
/// their sketches and then by their true similarity; those that are alike enough are joined. The sets depend on neither
/// the order of the texts nor the count of threads, but for the texts' numbers.
public struct NearDuplicateFinder: Sendable {
  private let settings: NearDuplicateSettings
  /// By band, of each text.
  private var bands: [ScratchArray<UInt32>]
  private let bits: ScratchArray<SketchBits>
  private let sets: DisjointSets
  private let pool: ScratchPool

  /// - Parameter pool: holds what is remembered of texts.
  public init(_ settings: NearDuplicateSettings, _ pool: ScratchPool = .unbounded()) {
    self.settings = settings
    self.pool = pool
    bands = (0..<settings.bandCount).map { _ in ScratchArray(pool) }
    bits = ScratchArray(pool)
    sets = DisjointSets(pool)
  }

  public var count: Int { bits.count }

  /// Gives a text the next number.
  /// - Throws: `HintedError` where the pool's disk has no room.
  public func append(_ sketch: TextSketch) throws {
    for (band, hash) in sketch.bandHashes.enumerated() { try bands[band].append(hash) }
    try bits.append(sketch.bits)
    try sets.append()
  }

  /// - Parameters:
  ///   - texts: the texts that were sketched, by number.
  ///   - threadCount: at least 1.
  /// - Returns: of each text the set that it is in; alone where nothing is like it.
  public mutating func joined(
    _ texts: some NumberedTexts, threadCount: Int, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) async throws -> DisjointSets {
    let partCount = max(0, count - 1) / pool.elementCount(ofByteCount: bandEntryByteCount) + 1
    while let band = bands.popLast() {
      for part in 0..<partCount {
        progress((settings.bandCount - 1 - bands.count) * partCount + part, settings.bandCount * partCount)
        let search = BandSearch(
          hashes: band, part: part, partCount: partCount, bits: bits, sets: sets, texts: texts, pool: pool,
          threshold: settings.threshold, largestDifference: settings.largestDifference)
        for pair in try await search.pairs(threadCount: threadCount) { sets.join(pair.first, pair.second) }
      }
    }
    sets.flatten()
    return sets
  }
}
