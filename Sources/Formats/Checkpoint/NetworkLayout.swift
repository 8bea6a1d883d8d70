import Networks

/// One tensor's name, size and place in a flat vector of parameters, and what a trainer must know of it.
public struct ParameterTensor: Hashable, Sendable {
  /// Where training starts.
  public enum Start: Hashable, Sendable {
    case constant(Float)
    /// Normal with deviation scale / sqrt(fanIn), the scale being a training setting.
    case normal(fanIn: Int)
    /// The logits of probabilities at equal ratios, from the first to the last.
    case logits(Float, Float)
  }

  public let name: String
  public let rowCount: Int
  public let columnCount: Int
  /// Its first element's index in the flat vector; rows follow each other.
  public let offset: Int
  /// Its number among the tensors that the model computes with as trits and a scale; nil for one of float values.
  public let ternaryNumber: Int?
  /// Whether it is a hidden linear layer's matrix, which Muon may train.
  public let isHidden: Bool
  public let start: Start

  public var count: Int { rowCount * columnCount }
  public var isTernary: Bool { ternaryNumber != nil }
  public var range: Range<Int> { offset..<offset + count }
}

/// Where each tensor of a network lies in one flat vector of parameters: the order of a checkpoint.
public protocol NetworkLayout: Hashable, Sendable {
  associatedtype Shape: NetworkShape
  init(_ shape: Shape)
  var shape: Shape { get }
  /// All tensors in ascending order of their offsets; they leave no gaps.
  var tensors: [ParameterTensor] { get }
  /// The length of the vector: the shape's parameters, and what only training needs.
  var count: Int { get }
  /// A table with a row a token, in which tokens that training never meets start from one row; nil where none does.
  /// All that reaches such rows is the same gradient, so they stay equal, and an image stores one for all.
  var sharingTable: ParameterTensor? { get }
}

extension NetworkLayout {
  public var sharingTable: ParameterTensor? { nil }
}

/// A shape whose parameters have a layout, and so a checkpoint.
public protocol StoredShape: NetworkShape {
  associatedtype Layout: NetworkLayout where Layout.Shape == Self
}

extension AtomeShape: StoredShape {
  public typealias Layout = ParameterLayout
}

extension CompactShape: StoredShape {
  public typealias Layout = CompactLayout
}

extension GPTShape: StoredShape {
  public typealias Layout = GPTLayout
}

/// Hands out places one after the other.
struct ParameterCursor {
  private var offset = 0
  private(set) var ternaryCount = 0

  mutating func take(
    _ name: String, _ rows: Int, _ columns: Int, isTernary: Bool = false, isHidden: Bool = false,
    start: ParameterTensor.Start? = nil
  ) -> ParameterTensor {
    defer {
      offset += rows * columns
      ternaryCount += isTernary ? 1 : 0
    }
    return ParameterTensor(
      name: name, rowCount: rows, columnCount: columns, offset: offset,
      ternaryNumber: isTernary ? ternaryCount : nil, isHidden: isHidden,
      start: start ?? (rows == 1 && !isTernary ? .constant(0) : .normal(fanIn: columns)))
  }
}
