/// The numbers of one AdamW step (Loshchilov and Hutter, "Decoupled Weight Decay Regularization", ICLR 2019).
public struct AdamWRule<Scalar: RealNumber>: Sendable {
  public var learningRate: Scalar
  public var weightDecay: Scalar
  public var beta1: Scalar
  public var beta2: Scalar
  /// 1 - beta1^step and 1 - beta2^step, step counted from 1.
  public var correction1: Scalar
  public var correction2: Scalar
  public var epsilon: Scalar
  /// What the gradient is multiplied with before anything else: clipping.
  public var gradientScale: Scalar

  public init(
    learningRate: Scalar, weightDecay: Scalar, beta1: Scalar, beta2: Scalar, correction1: Scalar,
    correction2: Scalar, epsilon: Scalar, gradientScale: Scalar
  ) {
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.beta1 = beta1
    self.beta2 = beta2
    self.correction1 = correction1
    self.correction2 = correction2
    self.epsilon = epsilon
    self.gradientScale = gradientScale
  }
}
