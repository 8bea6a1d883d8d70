/// What is known after a training step.
public struct StepMetrics: Hashable, Sendable {
  /// How many steps were done, and how many the run has.
  public var step: Int
  public var stepCount: Int
  /// The batch's cross-entropy before the step, in bits for a byte of the text that was predicted. All predictions
  /// count alike, whatever they weigh in the gradient.
  public var bitsPerByte: Double
  public var learningRate: Float
  /// The gradient's length before clipping.
  public var gradientNorm: Double
  /// Bytes of text that the step's predictions stand for.
  public var byteCount: Int
  /// The same a second.
  public var bytesPerSecond: Double
  /// Bits per byte on the held-out text, after steps that evaluate it.
  public var heldOutBitsPerByte: Double?
  /// The same on the replies alone, where documents have them.
  public var heldOutReplyBitsPerByte: Double?
  /// The steps of the twin that the run learns from: as many again, before its own; 0 where it has none.
  public var twinStepCount = 0
  /// Whether this is a step of the twin.
  public var isOfTwin = false
}
