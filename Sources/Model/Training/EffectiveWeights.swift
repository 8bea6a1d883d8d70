import Formats
import Kernels
import Networks

/// The weights that the forward pass computes with, made anew from the float parameters after every step: trits times
/// their scale for ternary tensors, copies for the others; and the transposes that products need.
public final class EffectiveWeights<Kernels: KernelSet>: Sendable {
  public typealias Matrix = MatrixView<Kernels.Scalar>

  /// One block's transposed or transformed tensors.
  struct Layer {
    /// (d, 2 h + d + 3, padded to whole vectors with zeros): query, key, value, router.
    let projections: Matrix
    /// (K, d).
    let kernel: Matrix
    /// tanh of the decay parameter (d).
    let decay: Matrix
  }

  let layout: ParameterLayout
  /// All weights in the parameters' layout.
  package nonisolated(unsafe) let values: Matrix
  nonisolated(unsafe) let layers: [Layer]
  /// (d, V).
  nonisolated(unsafe) let unembedding: Matrix
  private let kernels: Kernels
  private let arena: Arena<Kernels.Scalar>

  public init(kernels: Kernels, layout: ParameterLayout) {
    self.kernels = kernels
    self.layout = layout
    let shape = layout.shape
    let d = shape.modelWidth
    arena = Arena(capacity: Self.room(layout))
    let arena = arena
    values = arena.takeVector(layout.count)
    layers = (0..<shape.layerCount).map { _ in
      Layer(
        projections: arena.takeMatrix(d, shape.paddedProjectionCount),
        kernel: arena.takeMatrix(shape.kernelSize, d),
        decay: arena.takeVector(d))
    }
    unembedding = arena.takeMatrix(d, AtomeShape.vocabularySize)
  }

  private static func room(_ layout: ParameterLayout) -> Int {
    let shape = layout.shape
    let d = shape.modelWidth
    func room(_ rows: Int, _ columns: Int) -> Int { Arena<Kernels.Scalar>.room(rows, columns) }
    let perLayer = room(d, shape.paddedProjectionCount) + room(shape.kernelSize, d) + room(1, d)
    return room(1, layout.count) + shape.layerCount * perLayer + room(d, AtomeShape.vocabularySize)
  }
}

// MARK: - Refreshing

extension EffectiveWeights {
  /// Pieces of `refresh(piece:…)`: the embedding, the blocks, and the rest.
  public var pieceCount: Int { layers.count + 2 }

  /// Refreshes all weights.
  public func refresh(from parameters: Matrix, rounding: WeightRounding = .ternary) {
    for piece in 0..<pieceCount { refresh(piece: piece, from: parameters, rounding: rounding) }
  }

  /// Refreshes one piece; pieces may be refreshed by different threads.
  public func refresh(piece: Int, from parameters: Matrix, rounding: WeightRounding) {
    switch piece {
    case 0:
      refresh(layout.embedding, from: parameters, rounding)
    case 1:
      refresh(layout.finalGamma, from: parameters, rounding)
      refresh(layout.finalBeta, from: parameters, rounding)
      refresh(layout.unembedding, from: parameters, rounding)
      kernels.transpose(layout.unembedding.view(in: values), into: unembedding)
    default:
      refresh(layer: piece - 2, from: parameters, rounding)
    }
  }

  private func refresh(layer index: Int, from parameters: Matrix, _ rounding: WeightRounding) {
    let tensors = layout.layers[index]
    let layer = layers[index]
    for tensor in tensors.tensors { refresh(tensor, from: parameters, rounding) }
    let projections = tensors.projections(in: values)
    kernels.transpose(projections, into: layer.projections.columns(0..<projections.rowCount))
    kernels.transpose(tensors.convolution.view(in: values), into: layer.kernel)
    for c in 0..<layer.decay.columnCount {
      layer.decay[0, c] = Kernels.Scalar.hyperbolicTangent(values[0, tensors.decay.offset + c])
    }
  }

  private func refresh(_ tensor: ParameterLayout.Tensor, from parameters: Matrix, _ rounding: WeightRounding) {
    let source = tensor.view(in: parameters)
    let target = tensor.view(in: values)
    guard tensor.isTernary, rounding != .none else {
      target.base.update(from: source.base, count: tensor.count)
      return
    }
    let mean = kernels.absoluteSum(source) / Double(tensor.count)
    let alpha = Kernels.Scalar(max(mean, 1e-5))
    let factor = layout.scaleIndex(of: tensor).map { TernaryTensor.scaleFactor(parameters[0, $0]) } ?? 1
    if case .noisy(let noise) = rounding {
      kernels.roundToTrits(
        source, alpha: alpha, scale: alpha * factor, noise: noise.dropping(tensor.offset), rounded: target)
    } else {
      kernels.roundToTrits(source, alpha: alpha, scale: alpha * factor, rounded: target)
    }
  }
}

// MARK: - Learned scales

extension EffectiveWeights {
  /// Fills in a gradient's part of the scales. With the trits as they are, a scale moves all of its tensor's weights
  /// in proportion, so its slope is the sum of g w times that of the factor's logarithm (after Zhu et al., "Trained
  /// Ternary Quantization", ICLR 2017; here one scale for both signs, relative to mean |w|).
  /// - Parameters:
  ///   - gradient: (1, layout.count), whole but for the scales.
  ///   - parameters: those that these weights were made from.
  public func fillScaleGradient(of gradient: Matrix, parameters: Matrix) {
    func fill(_ tensor: ParameterLayout.Tensor) {
      guard let index = layout.scaleIndex(of: tensor) else { return }
      let product = kernels.sumOfProducts(gradient.columns(tensor.range), values.columns(tensor.range))
      gradient[0, index] = Kernels.Scalar(product) * TernaryTensor.scaleFactorSlope(parameters[0, index])
    }
    fill(layout.embedding)
    for layer in layout.layers { for tensor in layer.tensors { fill(tensor) } }
    fill(layout.unembedding)
  }
}

extension AtomeShape {
  /// Columns of the fused query, key, value and router product, and the same padded to whole vectors.
  var projectionCount: Int { 2 * headWidth + modelWidth + 3 }
  var paddedProjectionCount: Int { projectionCount.roundedUp(toMultipleOf: 16) }
}
