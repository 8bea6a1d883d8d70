/// How many of some things are right, with the interval that the true share lies in.
///
/// Files hold the share and the interval for readers who want no formulas; a reader here computes them anew.
public struct Proportion: Hashable, Sendable {
  public static let largestCount = 1_000_000_000

  public var rightCount: Int
  public var count: Int

  public init(rightCount: Int, count: Int) {
    self.rightCount = rightCount
    self.count = count
  }

  public mutating func add(_ isRight: Bool) {
    count += 1
    if isRight { rightCount += 1 }
  }

  /// 0 … 1; 0 of nothing.
  public var share: Double { count == 0 ? 0 : Double(rightCount) / Double(count) }

  /// The 95 % score interval (Wilson, "Probable inference, the law of succession, and statistical inference", 1927).
  ///
  /// The usual interval, share ± 1.96 standard errors, has no width at 0 and 1, where good students are.
  public var interval: ClosedRange<Double> {
    guard count > 0 else { return 0...1 }
    let n = Double(count)
    let zSquared = Self.normalQuantile * Self.normalQuantile
    let centre = (share + zSquared / (2 * n)) / (1 + zSquared / n)
    let spread = (share * (1 - share) / n + zSquared / (4 * n * n)).squareRoot()
    let halfWidth = Self.normalQuantile * spread / (1 + zSquared / n)
    return max(0, centre - halfWidth)...min(1, centre + halfWidth)
  }

  /// 97.5 % of the standard normal distribution lie below it.
  private static let normalQuantile = 1.959963984540054
}

extension Proportion: Codable {
  private enum Key: String, CodingKey { case count, rightCount, share, lower, upper }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    count = try container.decode(Int.self, forKey: .count)
    rightCount = try container.decode(Int.self, forKey: .rightCount)
    guard (0...Self.largestCount).contains(count), (0...count).contains(rightCount) else {
      throw DecodingError.dataCorruptedError(
        forKey: .rightCount, in: container, debugDescription: "\(rightCount) of \(count) cannot be right")
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(count, forKey: .count)
    try container.encode(rightCount, forKey: .rightCount)
    try container.encode(share, forKey: .share)
    try container.encode(interval.lowerBound, forKey: .lower)
    try container.encode(interval.upperBound, forKey: .upper)
  }
}
