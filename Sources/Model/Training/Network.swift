import Formats
import Kernels

/// How the float parameter of a ternary tensor becomes the weight that is computed with.
public enum WeightRounding: Hashable, Sendable {
  case ternary
  /// To trits, after noise was added: where a trit could as well be its neighbour, the gradient then sees both.
  case noisy(RoundingNoise)
  /// The parameter itself: an ablation, and what finite differences need, since a rounded weight has no slope.
  case none
}

/// The weights that a network computes with, made anew from its float parameters after every step.
public protocol NetworkWeights<Kernels>: Sendable {
  associatedtype Kernels: KernelSet
  associatedtype Layout: NetworkLayout

  init(kernels: Kernels, layout: Layout)
  /// Pieces that different threads may refresh.
  var pieceCount: Int { get }
  func refresh(piece: Int, from parameters: MatrixView<Kernels.Scalar>, rounding: WeightRounding)
  /// Completes a batch's gradient by that of the learned scales, where the network has any.
  func fillScaleGradient(of gradient: MatrixView<Kernels.Scalar>, parameters: MatrixView<Kernels.Scalar>)
}

extension NetworkWeights {
  /// For a network of float weights.
  public func fillScaleGradient(of gradient: MatrixView<Kernels.Scalar>, parameters: MatrixView<Kernels.Scalar>) {}
}

/// A whole network, forward and backward, for one window of bytes: every byte but the last is read, every byte but the
/// first is predicted. A graph owns its activations and reuses them; each thread has one of its own.
public protocol NetworkGraph<Weights>: Sendable {
  associatedtype Weights: NetworkWeights

  init(
    kernels: Weights.Kernels, layout: Weights.Layout, windowByteCount: Int, ablation: TrainingSettings.Ablation?)
  /// W - 1 for windows of W bytes.
  var positionCount: Int { get }
  /// The sum of the predictions' cross-entropies, in nats.
  func loss(_ window: UnsafeBufferPointer<UInt8>, _ weights: Weights) -> Double
  /// The same, and adds its gradient times `scale` to `gradient`, which has the parameters' layout.
  func lossAndGradient(
    _ window: UnsafeBufferPointer<UInt8>, _ weights: Weights, scale: Weights.Kernels.Scalar,
    addingTo gradient: MatrixView<Weights.Kernels.Scalar>
  ) -> Double
}

extension EffectiveWeights: NetworkWeights {}

extension SequenceGraph: NetworkGraph {
  public convenience init(
    kernels: Kernels, layout: ParameterLayout, windowByteCount: Int, ablation: TrainingSettings.Ablation?
  ) {
    self.init(
      kernels: kernels, layout: layout, windowByteCount: windowByteCount,
      withoutPathways: ablation?.withoutPathways ?? [])
  }
}
