import Formats
import Kernels

/// How the float parameter of a ternary tensor becomes the weight that is computed with.
public enum WeightRounding: Hashable, Sendable {
  case ternary
  /// To trits, after noise was added: where a trit could as well be its neighbour, the gradient then sees both.
  case noisy(RoundingNoise)
  /// Each row of a matrix or table to whole multiples of a scale of its own, -levels to levels of them; after noise, if
  /// there is any.
  case rows(levels: Int, noise: RoundingNoise? = nil)
  /// The parameter itself: an ablation, and what finite differences need, since a rounded weight has no slope.
  case none

  /// The same without noise: as an exporter rounds.
  public var quiet: WeightRounding {
    switch self {
    case .noisy: .ternary
    case .rows(let levels, _): .rows(levels: levels)
    case .ternary, .none: self
    }
  }
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

/// A whole network, forward and backward, for one window of tokens at a time. A graph owns its activations and reuses
/// them; each thread has one of its own. What lies behind a short window's end is neither read nor computed.
public protocol NetworkGraph<Weights>: Sendable {
  associatedtype Weights: NetworkWeights

  init(
    kernels: Weights.Kernels, layout: Weights.Layout, windowTokenCount: Int, ablation: TrainingSettings.Ablation?)
  /// The most positions of a window: W - 1 for windows of up to W tokens.
  var positionLimit: Int { get }
  var kernels: Weights.Kernels { get }
  /// The logits of a window (positions, V), in memory that the next call writes anew.
  func forward(_ window: TokenWindow, _ weights: Weights) -> MatrixView<Weights.Kernels.Scalar>
  /// Adds the gradient of the loss whose gradient stands where `forward` left the logits to `gradient`, which has the
  /// parameters' layout.
  func backward(_ window: TokenWindow, _ weights: Weights, addingTo gradient: MatrixView<Weights.Kernels.Scalar>)
}

extension NetworkGraph {
  public typealias Scalar = Weights.Kernels.Scalar
  public typealias Matrix = MatrixView<Scalar>

  /// The sums of the predictions' cross-entropies.
  public func loss(_ window: TokenWindow, _ weights: Weights) -> WindowLoss {
    kernels.windowLoss(
      logits: forward(window, weights), window: window, scale: LossScale(prompt: 1, reply: 1))
  }

  /// The same, and adds the gradient of their weighted sum to `gradient`, which has the parameters' layout.
  /// - Parameters:
  ///   - teaching: of another graph for the same window and scale: see `teaching`.
  ///   - soft: what a teacher said about the window's tokens.
  public func lossAndGradient(
    _ window: TokenWindow, _ weights: Weights, scale: LossScale<Scalar>, teaching: Matrix? = nil,
    soft: SoftTargets? = nil, addingTo gradient: Matrix
  ) -> WindowLoss {
    let logits = forward(window, weights)
    let loss = kernels.windowLoss(logits: logits, window: window, scale: scale)
    if let teaching { kernels.add(teaching, to: logits) }
    if let soft { kernels.teach(soft, gradient: logits, window: window, scale: scale) }
    backward(window, weights, addingTo: gradient)
    return loss
  }

  /// What a student's gradient at the logits (positions, V) lacks where a share s of its loss is the divergence from
  /// what this graph predicts instead of the cross-entropy of the text (Hinton, Vinyals and Dean, arXiv:1503.02531, at
  /// temperature 1). In memory that the next call writes anew.
  ///
  /// With p the student's distribution, q this graph's and y the text's, the gradient of (1 - s) CE(y, p) + s KL(q, p)
  /// is p - (1 - s) y - s q: the gradient p - y of the whole cross-entropy, and - s (q - y), which is this graph's own
  /// gradient times -s.
  public func teaching(_ window: TokenWindow, _ weights: Weights, scale: LossScale<Scalar>, share: Scalar) -> Matrix {
    let logits = forward(window, weights)
    let own = LossScale(prompt: -share * scale.prompt, reply: -share * scale.reply)
    _ = kernels.windowLoss(logits: logits, window: window, scale: own)
    return logits
  }
}

extension NetworkGraph {
  /// The sum of all predictions' cross-entropies, in nats.
  public func loss(_ tokens: UnsafeBufferPointer<UInt8>, _ weights: Weights) -> Double {
    loss(TokenWindow(tokens), weights).nats
  }

  /// The same, and adds its gradient times `scale` to `gradient`.
  public func lossAndGradient(
    _ tokens: UnsafeBufferPointer<UInt8>, _ weights: Weights, scale: Weights.Kernels.Scalar,
    addingTo gradient: MatrixView<Weights.Kernels.Scalar>
  ) -> Double {
    lossAndGradient(
      TokenWindow(tokens), weights, scale: LossScale(prompt: scale, reply: scale), addingTo: gradient
    ).nats
  }
}

extension EffectiveWeights: NetworkWeights {}

extension SequenceGraph: NetworkGraph {
  public convenience init(
    kernels: Kernels, layout: ParameterLayout, windowTokenCount: Int, ablation: TrainingSettings.Ablation?
  ) {
    self.init(
      kernels: kernels, layout: layout, windowTokenCount: windowTokenCount,
      withoutPathways: ablation?.withoutPathways ?? [])
  }
}
