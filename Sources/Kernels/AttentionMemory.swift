/// What the sparse attention of one layer leaves for its backward pass, and its scratch.
public struct AttentionMemory<Scalar: RealNumber> {
  /// k, how many keys a query keeps.
  public let top: Int
  /// The keys that query t kept are at (slot, t), in descending score order: (k, queries).
  public private(set) var chosen: MatrixView<Int32>
  /// Their softmax weights, at the same places.
  public private(set) var probability: MatrixView<Scalar>
  /// Scratch: the queries, one column each (h, queries), and the scores, one row a key (rows, queries).
  public private(set) var transposedQuery: MatrixView<Scalar>
  public private(set) var scores: MatrixView<Scalar>

  /// Queries are padded to whole vectors.
  static func paddedQueryCount(_ rowCount: Int) -> Int { rowCount.roundedUp(toMultipleOf: 16) }

  /// Memory for `rowCount` positions; layers may share `scratch`, since it carries nothing from forward to backward.
  public init(
    rowCount: Int, headWidth: Int, top: Int, arena: Arena<Scalar>, indices: Arena<Int32>,
    scratch: AttentionMemory? = nil
  ) {
    let queries = Self.paddedQueryCount(rowCount)
    self.top = top
    chosen = indices.takeMatrix(top, queries)
    probability = arena.takeMatrix(top, queries)
    transposedQuery = scratch?.transposedQuery ?? arena.takeMatrix(headWidth, queries)
    scores = scratch?.scores ?? arena.takeMatrix(rowCount, queries)
  }

  /// The same memory as one made for fewer positions: rows lie closer together, so that columns of queries that are
  /// not there are not worked on.
  public func first(_ rowCount: Int) -> AttentionMemory {
    precondition(rowCount <= scores.rowCount, "more positions than the memory has")
    let queries = Self.paddedQueryCount(rowCount)
    var part = self
    part.chosen = MatrixView(chosen.base, rowCount: top, columnCount: queries, rowStride: queries)
    part.probability = MatrixView(probability.base, rowCount: top, columnCount: queries, rowStride: queries)
    part.transposedQuery = MatrixView(
      transposedQuery.base, rowCount: transposedQuery.rowCount, columnCount: queries, rowStride: queries)
    part.scores = MatrixView(scores.base, rowCount: rowCount, columnCount: queries, rowStride: queries)
    return part
  }

  /// Room that one memory takes in an arena of scalars, and its scratch.
  public static func room(rowCount: Int, top: Int) -> Int {
    Arena<Scalar>.room(top, paddedQueryCount(rowCount))
  }

  public static func scratchRoom(rowCount: Int, headWidth: Int) -> Int {
    let queries = paddedQueryCount(rowCount)
    return Arena<Scalar>.room(headWidth, queries) + Arena<Scalar>.room(rowCount, queries)
  }
}
