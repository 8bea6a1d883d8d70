import Basics
import Formats
import Foundation

/// Where training starts: as each tensor's `start` says.
enum ParameterInitialiser {
  /// Fresh parameters; each tensor draws from a stream of its own.
  /// - Parameter absent: tokens that the training text lacks, which start from one row where the layout says so. One
  ///   that is met in training all the same, as a typo, goes its own way from there.
  static func parameters(
    _ layout: some NetworkLayout, seed: UInt64, scale: Double, absent: [UInt8] = []
  ) -> [Float] {
    var parameters = drawn(layout, seed: seed, scale: scale)
    guard let table = layout.sharingTable, let first = absent.first else { return parameters }
    let width = table.columnCount
    let row = Array(parameters[table.offset + Int(first) * width..<table.offset + (Int(first) + 1) * width])
    for token in absent {
      let start = table.offset + Int(token) * width
      parameters.replaceSubrange(start..<start + width, with: row)
    }
    return parameters
  }

  private static func drawn(_ layout: some NetworkLayout, seed: UInt64, scale: Double) -> [Float] {
    var parameters = [Float](repeating: 0, count: layout.count)
    for (number, tensor) in layout.tensors.enumerated() {
      switch tensor.start {
      case .constant(let value):
        for index in tensor.range { parameters[index] = value }
      case .logits(let first, let last):
        for (place, index) in tensor.range.enumerated() {
          let part = Double(place) / Double(max(1, tensor.count - 1))
          let probability = Double(first) * pow(Double(last) / Double(first), part)
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
