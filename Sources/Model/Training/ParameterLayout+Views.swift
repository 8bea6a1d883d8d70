import Formats
import Kernels

extension ParameterTensor {
  /// This tensor inside a flat vector of parameters or gradients.
  public func view<Scalar>(in vector: MatrixView<Scalar>) -> MatrixView<Scalar> {
    precondition(range.upperBound <= vector.columnCount, "the vector is of another layout")
    return MatrixView(
      vector.base + offset, rowCount: rowCount, columnCount: columnCount, rowStride: columnCount)
  }
}

extension ParameterLayout.Layer {
  /// Query, key, value and router lie one after the other, so one product computes all four: (2 h + d + 3, d).
  public func projections<Scalar>(in vector: MatrixView<Scalar>) -> MatrixView<Scalar> {
    precondition(router.range.upperBound <= vector.columnCount, "the vector is of another layout")
    return MatrixView(
      vector.base + query.offset, rowCount: query.rowCount + key.rowCount + value.rowCount + router.rowCount,
      columnCount: query.columnCount, rowStride: query.columnCount)
  }
}
