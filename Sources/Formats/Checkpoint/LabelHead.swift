import Basics

/// What a classifier is trained to tell apart: a label is a token that stands behind a text, and that no text has.
public struct LabelHead: Hashable, Codable, Sendable {
  public struct Label: Hashable, Codable, Sendable {
    public var name: String
    /// Its row of the table is the label's row of the head.
    public var token: UInt8
    /// What a text of the label counts in training; nil for 1.
    public var weight: Float?

    public init(name: String, token: UInt8, weight: Float? = nil) {
      (self.name, self.token, self.weight) = (name, token, weight)
    }
  }

  public var labels: [Label]
  /// The token of texts that have none of the labels; nil where all that is learned from has one.
  public var none: UInt8?
  /// What the best label's score is above that of `none`, or of the second best, in nats, for an answer; nil for a
  /// classifier that refuses no text.
  public var threshold: Double?

  public init(labels: [Label], none: UInt8? = nil, threshold: Double? = nil) {
    (self.labels, self.none, self.threshold) = (labels, none, threshold)
  }

  /// What stands between a text and its label: a line end, which is a token of every vocabulary.
  public static let end = UInt8(ascii: "\n")
  /// A label's name has a length byte in an image.
  public static let nameByteCounts = 1...255
  public static let labelCounts = 2...128
  public static let weights: ClosedRange<Float> = 0...1_000_000
  public static let thresholds: ClosedRange<Double> = -1000...1000

  /// Of the labels, then of none of them.
  public var tokens: [UInt8] { labels.map(\.token) + [none].compactMap(\.self) }

  /// - Throws: `HintedError` for labels that are the same, or that an image cannot hold.
  public func validate() throws {
    guard Self.labelCounts.contains(labels.count) else {
      throw HintedError(
        labels.count == 1
          ? "all texts have the label '\(labels[0].name)', and a classifier needs two"
          : "\(labels.count) labels; a classifier has \(Self.labelCounts.lowerBound) to "
            + "\(Self.labelCounts.upperBound)", status: .usage)
    }
    for label in labels where !Self.nameByteCounts.contains(label.name.utf8.count) {
      throw HintedError("the label '\(label.name)' has \(label.name.utf8.count) bytes, not 1 to 255", status: .usage)
    }
    guard Set(labels.map(\.name)).count == labels.count, Set(tokens).count == tokens.count,
      !tokens.contains(0), !tokens.contains(Self.end)
    else { throw HintedError("two labels have the same name or token, or one that stands in texts", status: .usage) }
    guard labels.allSatisfy({ $0.weight.map(Self.weights.contains) ?? true }),
      threshold.map(Self.thresholds.contains) ?? true
    else { throw HintedError("a label's weight, or the threshold, is outside its limits", status: .usage) }
  }
}
