import Basics
import Formats
import Foundation

/// Where training starts: the published initialisation. Weights are normal with deviation 1 / sqrt(fan-in), which is every
/// ternary tensor's column count; a starts at 1.5 (tanh 0.905), both gains and gamma at 1, beta at 0.
enum ParameterInitialiser {
  static let decay: Float = 1.5

  /// Fresh parameters; each tensor draws from a stream of its own.
  static func parameters(_ layout: ParameterLayout, seed: UInt64) -> [Float] {
    var parameters = [Float](repeating: 0, count: layout.count)
    for (number, tensor) in layout.tensors.enumerated() where tensor.isTernary {
      var generator = SeededGenerator(seed: seed).stream(UInt64(number))
      let deviation = 1 / Double(tensor.columnCount).squareRoot()
      for index in tensor.range { parameters[index] = Float(deviation * normal(&generator)) }
    }
    for layer in layout.layers {
      fill(&parameters, layer.decay, decay)
      for tensor in [layer.gamma, layer.inputGain, layer.outputGain] { fill(&parameters, tensor, 1) }
    }
    fill(&parameters, layout.finalGamma, 1)
    return parameters
  }

  private static func fill(_ parameters: inout [Float], _ tensor: ParameterLayout.Tensor, _ value: Float) {
    for index in tensor.range { parameters[index] = value }
  }

  /// A standard normal number (Box and Muller, 1958).
  private static func normal(_ generator: inout SeededGenerator) -> Double {
    let radius = (-2 * log(1 - generator.unit())).squareRoot()
    return radius * cos(2 * .pi * generator.unit())
  }
}
