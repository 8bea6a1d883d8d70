/// Texts that others are compared with, by number: which of them may be as alike as the settings say. What it names is
/// to be compared in truth; a pair that it does not name is as rarely missed as by `NearDuplicateFinder`.
public struct NearTextIndex: Sendable {
  private let settings: NearDuplicateSettings
  /// Of each band, hashes above the numbers of their texts, ascending.
  private var bands: [[UInt64]]
  private var bits: [SketchBits] = []

  /// - Parameter texts: sketches in the order of the texts' numbers, by the same settings.
  public init(_ texts: some Sequence<TextSketch>, _ settings: NearDuplicateSettings) {
    self.settings = settings
    bands = Array(repeating: [], count: settings.bandCount)
    for sketch in texts {
      for (band, hash) in sketch.bandHashes.enumerated() { bands[band].append(UInt64(hash) << 32 | UInt64(bits.count)) }
      bits.append(sketch.bits)
    }
    for band in bands.indices { sortByUpperHalf(&bands[band]) }
  }

  public var count: Int { bits.count }

  /// The numbers of texts that share a band with this one and whose bits are near, ascending.
  public func candidates(for sketch: TextSketch) -> [Int] {
    var found: [Int] = []
    for (band, hash) in zip(bands, sketch.bandHashes) {
      var position = Self.firstPosition(of: UInt64(hash) << 32, in: band)
      while position < band.count, band[position] >> 32 == UInt64(hash) {
        found.append(Int(band[position] & 0xffff_ffff))
        position += 1
      }
    }
    guard !found.isEmpty else { return [] }
    found.sort()
    return found.indices.lazy
      .filter { $0 == 0 || found[$0] != found[$0 - 1] }
      .map { found[$0] }
      .filter { bits[$0].differenceCount(sketch.bits) <= settings.largestDifference }
  }

  private static func firstPosition(of value: UInt64, in band: [UInt64]) -> Int {
    var (low, high) = (0, band.count)
    while low < high {
      let middle = (low + high) / 2
      if band[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
