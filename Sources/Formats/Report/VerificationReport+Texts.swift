import Lineage

extension VerificationReport {
  /// How one contender encodes and decodes the vectors' texts, beside the reference.
  public struct TextComparison: Hashable, Codable, Sendable {
    /// Tokens of the reference.
    public var comparedTokenCount = 0
    /// Tokens that are others, come after another byte, are missing, or are too many.
    public var differingTokenCount = 0
    /// Bytes that the reference's tokens are decoded to.
    public var comparedByteCount = 0
    /// Bytes that are others, missing, or too many, of tokens that agree.
    public var differingByteCount = 0
    public var firstDifference: TextDifference?

    public init() {}

    public var isEqual: Bool { differingTokenCount == 0 && differingByteCount == 0 }
  }

  /// The first place, in the order of texts and their bytes, where a contender's tokens or their bytes depart.
  public struct TextDifference: Hashable, Codable, Sendable {
    public enum Quantity: String, Codable, Sendable {
      /// A byte, or the text's end, decides other tokens.
      case token
      /// A token is decoded to other bytes.
      case bytes
    }

    public var quantity: Quantity
    /// From 0.
    public var textIndex: Int
    /// How many bytes of the text were read before the one that decides; the text's byte count at its end.
    public var position: Int
    /// The token that is decoded; nil for tokens.
    public var token: UInt8?
    /// Hexadecimal, two digits each: the tokens that are decided there, or a token's bytes.
    public var expected: String
    public var found: String

    public init(
      quantity: Quantity, textIndex: Int, position: Int, token: UInt8?, expected: String, found: String
    ) {
      self.quantity = quantity
      self.textIndex = textIndex
      self.position = position
      self.token = token
      self.expected = expected
      self.found = found
    }
  }

  /// What all contenders encoded and decoded together; nil where the vectors have no texts.
  public var texts: TextComparison? {
    let comparisons = contenders.compactMap(\.texts)
    guard let first = comparisons.first else { return nil }
    return comparisons.dropFirst().reduce(into: first) { total, comparison in
      total.comparedTokenCount += comparison.comparedTokenCount
      total.differingTokenCount += comparison.differingTokenCount
      total.comparedByteCount += comparison.comparedByteCount
      total.differingByteCount += comparison.differingByteCount
      total.firstDifference = total.firstDifference ?? comparison.firstDifference
    }
  }

  /// Bytes of text that were encoded, by all contenders together.
  public var encodedByteCount: Int { contenders.count { $0.texts != nil } * (vectors.textByteCount ?? 0) }
}
