import Formats
import Networks

/// A plain GPT with eight-bit weights: the form whose flash and loss are compared with an atome image's.
///
/// Every row of a matrix or table has one float scale, its largest magnitude / 127, and signed bytes round(w / scale),
/// symmetric around 0; layer norms stay in float. An engine would multiply bytes with float activations, so the loss is
/// that of the weights turned back into floats.
public struct Int8Form: Sendable {
  public let shape: GPTShape
  /// The weights' bytes, in the parameters' layout; 0 where a tensor stays in float.
  public let values: [Int8]
  /// One scale a row of each table or matrix, tensor after tensor.
  public let scales: [Float]
  /// What `values` and `scales` stand for, in the parameters' layout.
  public let parameters: [Float]

  public init(_ checkpoint: GPTCheckpoint) {
    var values = [Int8](repeating: 0, count: checkpoint.parameters.count)
    var scales: [Float] = []
    var parameters = checkpoint.parameters
    for tensor in checkpoint.layout.tensors where Self.isQuantised(tensor) {
      for row in 0..<tensor.rowCount {
        let start = tensor.offset + row * tensor.columnCount
        let range = start..<start + tensor.columnCount
        let scale = Self.scale(of: parameters[range])
        scales.append(scale)
        for index in range {
          values[index] = Self.rounded(parameters[index], scale)
          parameters[index] = Float(values[index]) * scale
        }
      }
    }
    shape = checkpoint.shape
    self.values = values
    self.scales = scales
    self.parameters = parameters
  }

  private static func isQuantised(_ tensor: ParameterTensor) -> Bool { tensor.rowCount > 1 }

  private static func scale(of row: ArraySlice<Float>) -> Float { (row.map(\.magnitude).max() ?? 0) / 127 }

  /// To nearest, ties to even; a row of zeros, and what is not a number, become 0.
  private static func rounded(_ weight: Float, _ scale: Float) -> Int8 {
    let ratio = (weight / scale).rounded(.toNearestOrEven)
    return ratio.isFinite ? Int8(min(max(ratio, -127), 127)) : 0
  }

  /// Flash that the weights take: a byte a quantised weight, four a scale and four a number that stays in float.
  public var byteCount: Int { Self.byteCount(of: shape) }

  public static func byteCount(of shape: GPTShape) -> Int {
    GPTLayout(shape).tensors.reduce(0) { sum, tensor in
      sum + (isQuantised(tensor) ? tensor.count + 4 * tensor.rowCount : 4 * tensor.count)
    }
  }
}
