/// Rounding float weights to a scale and trits: the one definition that the trainer's forward pass and the export
/// share, so that both see the same bits.
///
/// The rule is absmean rounding (Ma et al., "The Era of 1-bit LLMs: All Large Language Models are in 1.58 Bits", 2024),
/// with one scale for the whole tensor.
extension TernaryTensor {
  /// The least scale: it keeps the division finite for a tensor of zeros.
  public static let leastScale: Float = 1e-5

  /// The tensor nearest to `weights` (row-major, `rowCount * columnCount` finite values).
  ///
  /// Each trit is `roundedTrit(weight, scale: absoluteMean(weights))`; the scale is that mean times `scaleFactor` of
  /// `scaleParameter`, rounded once.
  public init(
    rounding weights: some Collection<Float>, rowCount: Int, columnCount: Int, scaleParameter: Float = 0
  ) {
    let mean = Self.absoluteMean(weights)
    self.init(
      rowCount: rowCount, columnCount: columnCount, scale: mean * Self.scaleFactor(scaleParameter),
      trits: weights.map { Self.roundedTrit($0, scale: mean) })
  }

  /// What a learned scale is of the mean |w|, by its parameter s: 1 + s, and 1 / (1 - s) below zero. Like exp(s) it is
  /// positive, rises everywhere and has slope 1 at 0; unlike it, IEEE 754 alone says its bits.
  public static func scaleFactor<Number: BinaryFloatingPoint>(_ s: Number) -> Number { s < 0 ? 1 / (1 - s) : 1 + s }

  /// The derivative of log(scaleFactor) at s.
  public static func scaleFactorSlope<Number: BinaryFloatingPoint>(_ s: Number) -> Number { 1 / (1 + s.magnitude) }

  /// max(mean |w|, `leastScale`).
  ///
  /// The order is part of the contract: a Double sum in ascending index order from zero, divided by the count in
  /// Double, then rounded once to Float. The mean of no weights is `leastScale`.
  public static func absoluteMean(_ weights: some Collection<Float>) -> Float {
    guard !weights.isEmpty else { return leastScale }
    var sum = 0.0
    for weight in weights { sum += Double(weight.magnitude) }
    return max(Float(sum / Double(weights.count)), leastScale)
  }

  /// clamp(round(weight / scale), -1, 1), where round is to nearest with ties to even: a quotient of exactly one half
  /// is 0, and only what lies beyond it becomes a sign.
  @inlinable
  public static func roundedTrit(_ weight: Float, scale: Float) -> Int8 {
    let quotient = weight / scale
    if quotient > 0.5 { return 1 }
    if quotient < -0.5 { return -1 }
    return 0
  }
}
