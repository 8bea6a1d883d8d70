/// A matrix of whole numbers with a scale for each row: the value at (row, column) is `scales[row] * code`.
///
/// The training kernel `roundRows` gives the same values, bit for bit: what is trained is what is exported.
public struct RowCodes: Hashable, Sendable {
  public var columnCount: Int
  /// One a row.
  public var scales: [Float]
  /// Row-major.
  public var codes: [Int8]

  public init(columnCount: Int, scales: [Float], codes: [Int8]) {
    precondition(codes.count == scales.count * columnCount, "codes of another size")
    self.columnCount = columnCount
    self.scales = scales
    self.codes = codes
  }

  /// The matrix nearest to `weights` (row-major, whole rows) whose codes are from -levels to levels: each row's scale
  /// is its largest magnitude / levels, its codes round(w / scale), to nearest, ties to even. What is no number, and a
  /// row whose scale is 0, become 0.
  public init(rounding weights: ArraySlice<Float>, columnCount: Int, levels: Int) {
    precondition(1...127 ~= levels, "levels outside 1…127")
    precondition(weights.count.isMultiple(of: columnCount), "weights of a part of a row")
    self.columnCount = columnCount
    scales = stride(from: weights.startIndex, to: weights.endIndex, by: columnCount).map { start in
      (weights[start..<start + columnCount].map(\.magnitude).max() ?? 0) / Float(levels)
    }
    codes = []
    codes.reserveCapacity(weights.count)
    for (index, weight) in weights.enumerated() {
      let ratio = (weight / scales[index / columnCount]).rounded(.toNearestOrEven)
      codes.append(ratio.isFinite ? Int8(min(max(ratio, -Float(levels)), Float(levels))) : 0)
    }
  }

  public var rowCount: Int { scales.count }

  /// What codes and scales stand for, row-major.
  public var values: [Float] {
    codes.indices.map { scales[$0 / columnCount] * Float(codes[$0]) }
  }
}
