import Basics
import Formats
import Foundation

/// Where training starts. Ternary tensors and the state space's gains are normal with deviation
/// scale / sqrt(column count), the column count being the fan-in; a starts at 1.5 (tanh 0.905), gamma at 1, beta at 0.
///
/// The gains' distribution is read off a published, untrained image (`atome60k_random`): there b and c_out have mean 0
/// and deviation 0.125 = 1 / sqrt(64).
enum ParameterInitialiser {
  static let decay: Float = 1.5

  /// Fresh parameters; each tensor draws from a stream of its own.
  static func parameters(_ layout: ParameterLayout, seed: UInt64, scale: Double) -> [Float] {
    var parameters = [Float](repeating: 0, count: layout.count)
    let gains = Set(layout.layers.flatMap { [$0.inputGain, $0.outputGain] })
    for (number, tensor) in layout.tensors.enumerated() where tensor.isTernary || gains.contains(tensor) {
      var generator = SeededGenerator(seed: seed).stream(UInt64(number))
      let deviation = scale / Double(tensor.columnCount).squareRoot()
      for index in tensor.range { parameters[index] = Float(deviation * normal(&generator)) }
    }
    for layer in layout.layers {
      fill(&parameters, layer.gamma, 1)
      fill(&parameters, layer.decay, decay)
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
