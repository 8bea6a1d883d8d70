import Formats
import Kernels

/// The weights that a network computes with, made anew from its float parameters after every step.
public protocol NetworkWeights<Kernels>: Sendable {
  associatedtype Kernels: KernelSet
  associatedtype Layout: NetworkLayout

  init(kernels: Kernels, layout: Layout)
  /// Pieces that different threads may refresh.
  var pieceCount: Int { get }
  /// - Parameter ablation: what is left out of the network; nil for all of it.
  func refresh(piece: Int, from parameters: MatrixView<Kernels.Scalar>, ablation: TrainingSettings.Ablation?)
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

extension EffectiveWeights: NetworkWeights {
  public func refresh(piece: Int, from parameters: Matrix, ablation: TrainingSettings.Ablation?) {
    refresh(piece: piece, from: parameters, rounding: ablation?.floatWeights == true ? .none : .ternary)
  }
}

extension SequenceGraph: NetworkGraph {
  public convenience init(
    kernels: Kernels, layout: ParameterLayout, windowByteCount: Int, ablation: TrainingSettings.Ablation?
  ) {
    self.init(
      kernels: kernels, layout: layout, windowByteCount: windowByteCount,
      withoutPathways: ablation?.withoutPathways ?? [])
  }
}
