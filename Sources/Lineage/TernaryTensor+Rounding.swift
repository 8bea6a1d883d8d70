extension TernaryTensor {
  /// The ternary form of float shadow weights: `alpha = max(mean |w|, 1e-5)`, trit = `w / alpha` rounded to nearest (ties to
  /// even) and clamped to -1, 0, +1.
  ///
  /// The absmean quantiser of BitNet b1.58 (Ma et al., "The Era of 1-bit LLMs", arXiv 2402.17764). Training's forward pass and
  /// export must agree on every bit, so the mean has one order: a Double sum in ascending index order, divided, then
  /// rounded to Float.
  /// - Parameter weights: row-major, (rowCount, columnCount).
  public init(rounding weights: [Float], rowCount: Int, columnCount: Int) {
    let alpha = Self.scale(of: weights)
    let trits = weights.map { weight in
      Int8(max(-1, min(1, (weight / alpha).rounded(.toNearestOrEven))))
    }
    self.init(rowCount: rowCount, columnCount: columnCount, scale: alpha, trits: trits)
  }

  /// The smallest scale: a tensor of zeros still has one to divide by.
  public static let smallestScale: Float = 1e-5

  /// `max(mean |w|, 1e-5)`.
  public static func scale(of weights: some Collection<Float>) -> Float {
    guard !weights.isEmpty else { return smallestScale }
    var sum = 0.0
    for weight in weights { sum += Double(weight.magnitude) }
    return max(Float(sum / Double(weights.count)), smallestScale)
  }
}
