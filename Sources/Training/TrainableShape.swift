import Basics
import Formats
import Kernels
import Model
import Networks

/// An architecture that `Trainer` can train: its shape, and the types that its parameters, the weights that it computes
/// with and its graph have. All are known when the trainer is compiled, so nothing in a step is looked up.
public protocol TrainableShape: StoredShape {
  associatedtype Weights: NetworkWeights where Weights.Layout == Layout, Weights.Kernels == TunedKernels
  associatedtype Graph: NetworkGraph where Graph.Weights == Weights

  /// - Throws: `HintedError` when the network cannot read windows of that size.
  func check(windowTokenCount: Int) throws
}

extension AtomeShape: TrainableShape {
  public typealias Weights = EffectiveWeights<TunedKernels>
  public typealias Graph = SequenceGraph<TunedKernels>

  public func check(windowTokenCount: Int) throws {}
}

extension CompactShape: TrainableShape {
  public typealias Weights = CompactWeights<TunedKernels>
  public typealias Graph = CompactGraph<TunedKernels>

  public func check(windowTokenCount: Int) throws {}
}

extension GPTShape: TrainableShape {
  public typealias Weights = GPTWeights<TunedKernels>
  public typealias Graph = GPTGraph<TunedKernels>

  public func check(windowTokenCount: Int) throws {
    guard windowTokenCount <= contextLength else {
      throw HintedError(
        "windows of \(windowTokenCount) tokens, a position table of \(contextLength)",
        hint: "choose the shape's context as long as the window", status: .usage)
    }
  }
}
