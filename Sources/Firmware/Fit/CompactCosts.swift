import Networks

/// What the compact engine takes of a core: a row `compact` of `firmware/costs.json`.
public struct CompactCosts: Decodable, Sendable {
  /// `cortex-m0`.
  public var core: String
  /// `-O2`, `-Os`.
  public var level: String
  /// Flash beside the image: engine, start, a small program, and the compiler's arithmetic.
  public var codeByteCount: Int
  public var stackByteCount: Int
  /// Variables beside the engine's work memory.
  public var variableByteCount: Int
  public var instructions: CompactInstructionModel
  /// The largest relative error at the shapes that the model was fitted to.
  public var largestError: Double

  enum CodingKeys: String, CodingKey {
    case core, level, instructions
    case codeByteCount = "code_bytes"
    case stackByteCount = "stack_bytes"
    case variableByteCount = "variable_bytes"
    case largestError = "largest_error"
  }
}

/// Instructions of one step as a linear function of what the engine's loops run over. `terms` in
/// `firmware/fit/measure_compact.py` states the same sums, and fits the coefficients.
public struct CompactInstructionModel: Decodable, Sendable {
  var step: Double
  var layer: Double
  /// Of each layer: two norms, and rows of two products.
  var channel: Double
  /// Embedding and final norm.
  var endChannel: Double
  var writeGate: Double
  /// A number of the state, with its read gate.
  var state: Double
  /// A number between the feed-forward's matrices.
  var hidden: Double
  /// A column of eight rows.
  var word: Double

  enum CodingKeys: String, CodingKey {
    case step, layer, channel, state, hidden, word
    case endChannel = "end_channel"
    case writeGate = "write_gate"
  }

  /// Instructions for a token, at whatever place of a text.
  /// - Parameter rowCount: R, rows of the table.
  package func count(_ shape: CompactShape, rowCount: Int = CompactShape.vocabularySize) -> Double {
    let (d, m, g, f) = (shape.modelWidth, shape.stateWidth, shape.gateCount, shape.hiddenWidth)
    func words(_ rows: Int, _ columns: Int) -> Int { (rows + 7) / 8 * columns }
    let block = words(g + 2 * m, d) + words(d, m) + words(f, d) + words(d, f)
    let numbers = Double(d) * channel + Double(g) * writeGate + Double(m) * state + Double(f) * hidden
    return step + Double(shape.depth) * (layer + numbers) + Double(d) * endChannel
      + Double(shape.depth * block + words(rowCount, d)) * word
  }
}
