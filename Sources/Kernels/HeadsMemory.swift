/// What one layer's dense attention leaves for its backward pass, and its scratch.
///
/// Heads' parts of a row may start anywhere, so each head's operands are copied next to each other, transposed where a
/// product wants columns side by side; the copies cost little beside the products.
public struct HeadsMemory<Scalar: RealNumber> {
  public typealias Matrix = MatrixView<Scalar>

  public let headCount: Int
  /// Softmax weights: row head · rows + t is query t of a head, one column a key, padded to whole vectors.
  public let probability: Matrix
  /// Scratch: one head's keys or values as columns (head width, padded rows), and the gradient of its weights.
  public let transposed: Matrix
  public let scoresGradient: Matrix

  /// Memory for `rowCount` positions; layers may share `scratch`, since it carries nothing from forward to backward.
  public init(rowCount: Int, headCount: Int, headWidth: Int, arena: Arena<Scalar>, scratch: HeadsMemory? = nil) {
    let keys = Self.paddedKeyCount(rowCount)
    self.headCount = headCount
    probability = arena.takeMatrix(headCount * rowCount, keys)
    transposed = scratch?.transposed ?? arena.takeMatrix(headWidth, keys)
    scoresGradient = scratch?.scoresGradient ?? arena.takeMatrix(rowCount, keys)
  }

  static func paddedKeyCount(_ rowCount: Int) -> Int { rowCount.roundedUp(toMultipleOf: 16) }

  /// Room that one memory takes in an arena, and its scratch.
  public static func room(rowCount: Int, headCount: Int) -> Int {
    Arena<Scalar>.room(headCount * rowCount, paddedKeyCount(rowCount))
  }

  public static func scratchRoom(rowCount: Int, headWidth: Int) -> Int {
    let keys = paddedKeyCount(rowCount)
    return Arena<Scalar>.room(headWidth, keys) + Arena<Scalar>.room(rowCount, keys)
  }

  /// The weights of one head (rows, padded rows).
  func probability(ofHead head: Int) -> Matrix {
    let rows = probability.rowCount / headCount
    return probability.rows(head * rows..<(head + 1) * rows)
  }
}

extension MatrixView {
  /// The columns of one of `count` heads.
  func head(_ index: Int, of count: Int) -> MatrixView {
    let width = columnCount / count
    return columns(index * width..<(index + 1) * width)
  }
}
