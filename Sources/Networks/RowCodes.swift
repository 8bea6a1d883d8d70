/// A matrix in 4 bits: codes from -7 to 7, and one scale a row. The one definition that training and export share.
public struct RowCodes: Hashable, Sendable {
  /// The largest code.
  public static let levels = 7

  public var rowCount: Int
  public var columnCount: Int
  /// By row: its largest |w| / 7; 0 for a row of zeros.
  public var scales: [Float]
  /// Row-major.
  public var codes: [Int8]

  public init(rowCount: Int, columnCount: Int, scales: [Float], codes: [Int8]) {
    precondition(codes.count == rowCount * columnCount && scales.count == rowCount, "codes of another shape")
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.scales = scales
    self.codes = codes
  }

  /// The codes nearest to `weights` (row-major, finite), ties to even: what the kernel `roundRows` computes with.
  public init(rounding weights: some Collection<Float>, rowCount: Int, columnCount: Int) {
    let weights = Array(weights)
    var (scales, codes) = ([Float](), [Int8]())
    for row in 0..<rowCount {
      let values = weights[row * columnCount..<(row + 1) * columnCount]
      let scale = (values.map(\.magnitude).max() ?? 0) / Float(Self.levels)
      scales.append(scale)
      codes += values.map { Self.code($0, scale) }
    }
    self.init(rowCount: rowCount, columnCount: columnCount, scales: scales, codes: codes)
  }

  private static func code(_ weight: Float, _ scale: Float) -> Int8 {
    guard scale > 0 else { return 0 }
    let ratio = (weight / scale).rounded(.toNearestOrEven)
    return Int8(min(max(ratio, -Float(levels)), Float(levels)))
  }

  /// What the codes stand for, row-major.
  public var values: [Float] {
    codes.indices.map { scales[$0 / columnCount] * Float(codes[$0]) }
  }

  /// The number at a row and a column.
  public subscript(row: Int, column: Int) -> Float {
    scales[row] * Float(codes[row * columnCount + column])
  }
}
