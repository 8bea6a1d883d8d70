import Basics
import Foundation

/// How alike texts are that count as one.
public struct NearDuplicateSettings: Hashable, Sendable {
  /// The least Jaccard similarity of shingles, above 0 and at most 1.
  public let threshold: Double
  /// Bins of a sketch that lie in one band: texts whose bins of one band are all equal are compared.
  let rowCount: Int
  /// Bands of a sketch.
  public let bandCount: Int
  /// Pairs are looked at from this similarity on.
  let searchedFrom: Double

  private static let binCount = 128
  /// A pair that is exactly as alike as the threshold is missed no more often.
  private static let missed = 0.015

  /// - Parameter searchedFrom: looks for pairs as if this were the threshold, so that those at the threshold are hardly
  ///   ever missed, at the cost of comparisons in vain.
  /// - Throws: `HintedError` for a threshold that is no similarity.
  public init(threshold: Double, searchedFrom: Double? = nil) throws {
    guard threshold >= 0.3, threshold <= 1 else {
      throw HintedError(
        "the similarity of near duplicates is \(threshold), which is not between 0.3 and 1",
        hint: "0.7 is a good beginning; `--tune` measures others on your texts", status: .usage)
    }
    self.threshold = threshold
    let least = min(threshold, max(0.3, searchedFrom ?? threshold))
    self.searchedFrom = least
    // More rows, fewer pairs to compare in vain; as many as the threshold allows.
    let rows = (2...16).last { Self.missed(least, rowCount: $0) <= Self.missed } ?? 2
    rowCount = rows
    bandCount = Self.binCount / rows
  }

  /// 1 - (1 - (1 - s^r)^b): how often a pair of this similarity shares no band.
  private static func missed(_ similarity: Double, rowCount: Int) -> Double {
    pow(1 - pow(similarity, Double(rowCount)), Double(binCount / rowCount))
  }

  var sketchBinCount: Int { rowCount * bandCount }

  /// Sketch bits that may differ, of texts that are as alike as the threshold: six standard deviations more than
  /// expected.
  var largestDifference: Int {
    let bitCount = Double(min(128, sketchBinCount))
    let share = (1 - searchedFrom) / 2
    return Int((bitCount * share + 6 * (bitCount * share * (1 - share)).squareRoot()).rounded(.up))
  }
}
