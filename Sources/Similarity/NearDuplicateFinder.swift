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
  private var bands: [[UInt32]]
  private var bits: [SketchBits] = []
  private var sets = DisjointSets()

  public init(_ settings: NearDuplicateSettings) {
    self.settings = settings
    bands = Array(repeating: [], count: settings.bandCount)
  }

  public var count: Int { bits.count }

  /// Gives a text the next number.
  public mutating func append(_ sketch: TextSketch) {
    for (band, hash) in sketch.bandHashes.enumerated() { bands[band].append(hash) }
    bits.append(sketch.bits)
    sets.append()
  }

  /// - Parameters:
  ///   - texts: the texts that were sketched, by number.
  ///   - threadCount: at least 1.
  /// - Returns: of each text the set that it is in; alone where nothing is like it.
  public mutating func joined(_ texts: some NumberedTexts, threadCount: Int) async throws -> DisjointSets {
    for band in bands.indices {
      let search = BandSearch(
        hashes: bands[band], bits: bits, sets: sets, texts: texts, threshold: settings.threshold,
        largestDifference: settings.largestDifference)
      for pair in try await search.pairs(threadCount: threadCount) { sets.join(pair.first, pair.second) }
      bands[band] = []
    }
    sets.flatten()
    return sets
  }
}
