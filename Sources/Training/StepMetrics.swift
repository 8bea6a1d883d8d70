/// What is known after a training step.
public struct StepMetrics: Hashable, Sendable {
  /// How many steps were done, and how many the run has.
  public var step: Int
  public var stepCount: Int
  /// The batch's mean cross-entropy before the step, in bits per predicted byte.
  public var bitsPerByte: Double
  public var learningRate: Float
  /// The gradient's length before clipping.
  public var gradientNorm: Double
  /// Training bytes a second, this step's.
  public var bytesPerSecond: Double
  /// Bits per byte on the held-out text, after steps that evaluate it.
  public var heldOutBitsPerByte: Double?
}
