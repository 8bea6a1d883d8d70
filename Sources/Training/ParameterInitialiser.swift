import Basics
import Formats
import Foundation

/// Where training starts: as each tensor's `start` says.
enum ParameterInitialiser {
  /// Fresh parameters; each tensor draws from a stream of its own.
  static func parameters(_ layout: some NetworkLayout, seed: UInt64, scale: Double) -> [Float] {
    var parameters = [Float](repeating: 0, count: layout.count)
    for (number, tensor) in layout.tensors.enumerated() {
      switch tensor.start {
      case .constant(let value):
        for index in tensor.range { parameters[index] = value }
      case .logits(let first, let last):
        for (place, index) in tensor.range.enumerated() {
          let part = Double(place) / Double(max(1, tensor.count - 1))
          let probability = Double(first) + part * Double(last - first)
          parameters[index] = Float(log(probability / (1 - probability)))
        }
      case .normal(let fanIn):
        var generator = SeededGenerator(seed: seed).stream(UInt64(number))
        let deviation = scale / Double(fanIn).squareRoot()
        for index in tensor.range { parameters[index] = Float(deviation * normal(&generator)) }
      }
    }
    return parameters
  }

  /// A standard normal number (Box and Muller, 1958).
  private static func normal(_ generator: inout SeededGenerator) -> Double {
    let radius = (-2 * log(1 - generator.unit())).squareRoot()
    return radius * cos(2 * .pi * generator.unit())
  }
}
