import CKernels

/// What one layer's dense attention leaves for its backward pass, and its scratch.
///
/// Queries are worked on in blocks, which leaves out most of the products with keys that they do not see. Keys are
/// rows and a block's queries are columns: whole vectors whatever the heads' width, and a softmax runs down a column.
public struct HeadsMemory<Scalar: RealNumber> {
  public typealias Matrix = MatrixView<Scalar>

  public let headCount: Int
  /// Softmax weights, a matrix of one row a key for each head and block of queries; see `weights`.
  let weights: Matrix
  /// Scratch: the gradient of one block's weights, and a block's rows of one head as columns (head width, block), as
  /// they come in and as they go out.
  let weightsGradient: Matrix
  let columnsIn: Matrix
  let columnsOut: Matrix
  private var rowCount: Int

  /// How many queries a block has.
  static var blockQueryCount: Int { Int(ALAMBIC_HEAD_BLOCK) }

  /// Memory for `rowCount` positions; layers may share `scratch`, since it carries nothing from forward to backward.
  public init(rowCount: Int, headCount: Int, headWidth: Int, arena: Arena<Scalar>, scratch: HeadsMemory? = nil) {
    let block = Self.blockQueryCount
    self.headCount = headCount
    self.rowCount = rowCount
    weights = arena.takeMatrix(headCount * Self.blockCount(rowCount) * rowCount, block)
    weightsGradient = scratch?.weightsGradient ?? arena.takeMatrix(rowCount, block)
    columnsIn = scratch?.columnsIn ?? arena.takeMatrix(headWidth, block)
    columnsOut = scratch?.columnsOut ?? arena.takeMatrix(headWidth, block)
  }

  /// The same memory as one made for fewer positions.
  public func first(_ rowCount: Int) -> HeadsMemory {
    precondition(rowCount <= self.rowCount, "more positions than the memory has")
    var part = self
    part.rowCount = rowCount
    return part
  }

  /// Room that one memory takes in an arena, and its scratch.
  public static func room(rowCount: Int, headCount: Int) -> Int {
    Arena<Scalar>.room(headCount * blockCount(rowCount) * rowCount, blockQueryCount)
  }

  public static func scratchRoom(rowCount: Int, headWidth: Int) -> Int {
    Arena<Scalar>.room(rowCount, blockQueryCount) + 2 * Arena<Scalar>.room(headWidth, blockQueryCount)
  }

  private static func blockCount(_ rowCount: Int) -> Int { (rowCount + blockQueryCount - 1) / blockQueryCount }
}

extension HeadsMemory {
  /// A block of queries, and how many keys its last query sees: all up to itself.
  struct Block {
    let index: Int
    let queries: Range<Int>
    var keyCount: Int { queries.upperBound }
  }

  func isFor(_ rows: Int, headWidth: Int) -> Bool { rowCount == rows && columnsIn.rowCount == headWidth }

  func forEachBlock(_ body: (Block) -> Void) {
    for index in 0..<Self.blockCount(rowCount) {
      let start = index * Self.blockQueryCount
      body(Block(index: index, queries: start..<min(start + Self.blockQueryCount, rowCount)))
    }
  }

  /// The weights of one head (keys, queries): what each query of a block gives to each key. A last block's columns
  /// beyond its queries hold numbers that nothing uses.
  func weights(ofHead head: Int, _ block: Block) -> Matrix {
    let start = (head * Self.blockCount(rowCount) + block.index) * rowCount
    return weights.rows(start..<start + block.keyCount)
  }
}

extension MatrixView {
  /// The columns of one of `count` heads.
  func head(_ index: Int, of count: Int) -> MatrixView {
    let width = columnCount / count
    return columns(index * width..<(index + 1) * width)
  }
}
