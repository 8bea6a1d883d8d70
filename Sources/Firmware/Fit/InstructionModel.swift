import Networks

/// Instructions of one step as a linear function of what the engine's loops run over. `terms` in
/// `firmware/fit/measure.py` states the same sums, and fits the coefficients.
public struct InstructionModel: Decodable, Sendable {
  var step: Double
  var layer: Double
  /// Of each layer: norm, state and mix.
  var channel: Double
  /// Embedding and final norm.
  var endChannel: Double
  /// A channel's convolution of five taps, for which an engine may have a path of its own; and each tap of any other.
  var usualTaps: Double
  var tap: Double
  /// A channel of one of the positions that attention chose.
  var match: Double
  /// A position of the window, and a number of its key.
  var position: Double
  var score: Double
  /// A row of a product: of the integer engine, once for each pass over the tables.
  var row: Double
  /// Float: a weight.
  var trit: Double?
  /// Integer: a table of partial sums, and a row's code in it.
  var table: Double?
  var code: Double?

  enum CodingKeys: String, CodingKey {
    case step, layer, channel, tap, match, position, score, row, trit, table, code
    case endChannel = "end_channel"
    case usualTaps = "usual_taps"
  }

  private static let usualTapCount = 5

  /// Instructions for a byte while `filled` positions are remembered.
  package func count(_ shape: AtomeShape, filled: Int, tableGroupCount: Int) -> Double {
    let (d, layers) = (shape.modelWidth, shape.layerCount)
    let around = step + Double(layers) * layer + Double(d) * endChannel
    let taps = shape.kernelSize == Self.usualTapCount ? usualTaps : Double(shape.kernelSize) * tap
    let channels = Double(layers * d) * (channel + taps + Double(shape.topK) * match)
    let window = Double(layers * filled) * (position + Double(shape.headWidth) * score)
    return around + channels + window + products(shape, tableGroupCount)
  }

  private func products(_ shape: AtomeShape, _ tableGroupCount: Int) -> Double {
    let (d, layers) = (shape.modelWidth, shape.layerCount)
    let projection = 2 * shape.headWidth + d + 3
    if let trit {
      let rows = layers * projection + AtomeShape.vocabularySize
      return Double(rows) * (row + Double(d) * trit)
    }
    let groups = (d + 4) / 5
    let rows = layers * ((projection + 7) / 8 * 8) + AtomeShape.vocabularySize
    let passes = (groups + tableGroupCount - 1) / tableGroupCount
    return Double((layers + 1) * groups) * (table ?? 0) + Double(rows)
      * (Double(passes) * row + Double(groups) * (code ?? 0))
  }
}
