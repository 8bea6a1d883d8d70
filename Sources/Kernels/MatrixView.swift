/// A matrix inside memory that an `Arena` owns: element (i, j) is at `base[i * rowStride + j * columnStride]`.
///
/// A vector is a matrix of one row. A view does not keep its arena alive; whoever makes views holds the arena.
public struct MatrixView<Scalar> {
  public let base: UnsafeMutablePointer<Scalar>
  public let rowCount: Int
  public let columnCount: Int
  public let rowStride: Int
  public let columnStride: Int

  @inlinable
  public init(
    _ base: UnsafeMutablePointer<Scalar>, rowCount: Int, columnCount: Int, rowStride: Int, columnStride: Int = 1
  ) {
    self.base = base
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.rowStride = rowStride
    self.columnStride = columnStride
  }

  /// A vector of `count` elements.
  @inlinable
  public init(_ base: UnsafeMutablePointer<Scalar>, count: Int) {
    self.init(base, rowCount: 1, columnCount: count, rowStride: count)
  }

  @inlinable
  public subscript(row: Int, column: Int) -> Scalar {
    get { base[row * rowStride + column * columnStride] }
    nonmutating set { base[row * rowStride + column * columnStride] = newValue }
  }

  /// How many elements a matrix without gaps has.
  @inlinable
  public var count: Int { rowCount * columnCount }

  /// Whether rows follow each other without a gap.
  @inlinable
  public var isContiguous: Bool { columnStride == 1 && (rowStride == columnCount || rowCount == 1) }
}

// MARK: - Parts of a view

extension MatrixView {
  /// The same elements with rows and columns exchanged.
  @inlinable
  public var transposed: MatrixView {
    MatrixView(
      base, rowCount: columnCount, columnCount: rowCount, rowStride: columnStride, columnStride: rowStride)
  }

  @inlinable
  public func row(_ index: Int) -> MatrixView {
    MatrixView(
      base + index * rowStride, rowCount: 1, columnCount: columnCount, rowStride: rowStride,
      columnStride: columnStride)
  }

  @inlinable
  public func rows(_ range: Range<Int>) -> MatrixView {
    precondition(range.lowerBound >= 0 && range.upperBound <= rowCount, "rows outside the matrix")
    return MatrixView(
      base + range.lowerBound * rowStride, rowCount: range.count, columnCount: columnCount, rowStride: rowStride,
      columnStride: columnStride)
  }

  @inlinable
  public func columns(_ range: Range<Int>) -> MatrixView {
    precondition(range.lowerBound >= 0 && range.upperBound <= columnCount, "columns outside the matrix")
    return MatrixView(
      base + range.lowerBound * columnStride, rowCount: rowCount, columnCount: range.count, rowStride: rowStride,
      columnStride: columnStride)
  }
}

extension MatrixView where Scalar: AdditiveArithmetic {
  /// Sets every element to zero; columns must be adjacent.
  @inlinable
  public func clear() {
    precondition(columnStride == 1, "a transposed view is not cleared")
    // Zero is all bits clear in every type used here, and raw memory is fast even where this is not specialised.
    for row in 0..<rowCount {
      UnsafeMutableRawPointer(base + row * rowStride)
        .initializeMemory(as: UInt8.self, repeating: 0, count: columnCount * MemoryLayout<Scalar>.stride)
    }
  }
}
