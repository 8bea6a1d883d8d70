import Networks

/// What the plain GPT's engine takes of a core: a row `baselines` of `firmware/costs.json`.
public struct GPTCosts: Decodable, Sendable {
  /// `cortex-m0`.
  public var core: String
  /// `-O2`, `-Os`.
  public var level: String
  /// 4 or 8.
  public var weightBitCount: Int
  /// Flash beside the image.
  public var codeByteCount: Int
  public var stackByteCount: Int
  public var instructions: GPTInstructionModel
  /// The largest relative error at the shapes that the model was fitted to.
  public var largestError: Double

  enum CodingKeys: String, CodingKey {
    case core, level, instructions
    case weightBitCount = "weight_bits"
    case codeByteCount = "code_bytes"
    case stackByteCount = "stack_bytes"
    case largestError = "largest_error"
  }
}

/// Instructions of one step as a linear function of what the engine's loops run over. `terms` in
/// `firmware/fit/measure_gpt.py` states the same sums, and fits the coefficients.
public struct GPTInstructionModel: Decodable, Sendable {
  var step: Double
  var layer: Double
  /// Of each layer.
  var head: Double
  var channel: Double
  /// Embedding and final norm.
  var endChannel: Double
  /// A number between the feed-forward's matrices.
  var hidden: Double
  /// A position that a head sees; a number of its key, and of its value.
  var position: Double
  var score: Double
  var value: Double
  var weight: Double

  enum CodingKeys: String, CodingKey {
    case step, layer, head, channel, hidden, position, score, value, weight
    case endChannel = "end_channel"
  }

  /// Instructions for a token while `filled` positions are remembered, itself included.
  package func count(_ shape: GPTShape, width: GPTWeightWidth, filled: Int) -> Double {
    let (d, f, layers, heads) = (shape.modelWidth, shape.feedForwardWidth, shape.layerCount, shape.headCount)
    func weights(_ rows: Int, _ columns: Int) -> Int {
      width == .four ? rows.wholeEights * columns : rows * columns.wholeFours
    }
    let block = weights(3 * d, d) + weights(d, d) + weights(f, d) + weights(d, f)
    let window = Double(layers * heads * filled) * (position + Double(shape.headWidth.wholeFours) * score)
    let around = step + Double(layers) * (layer + Double(heads) * head + Double(d) * channel + Double(f) * hidden)
    return around + Double(d) * endChannel + window + Double(layers * d * filled.wholeFours) * value
      + Double(layers * block + weights(GPTShape.vocabularySize, d)) * weight
  }
}

extension GPTShape {
  /// The integer engine's work memory, exactly; its C twin is `gpt_memory_size`. The context is that of the image: as
  /// many positions as have an embedding.
  public var integerEngineByteCount: Int {
    let (d, widest) = (modelWidth, max(modelWidth, feedForwardWidth).wholeFours)
    let key = headCount * headWidth.wholeFours
    let sums = max(
      (3 * d).wholeEights, feedForwardWidth.wholeEights, contextLength + headWidth, Self.vocabularySize)
    let vectors = 4 * sums + 4 * d + widest + 2 * max(widest, contextLength.wholeFours) + 2 * key
    let cache = (layerCount * contextLength * key).wholeFours + layerCount * d * contextLength.wholeFours
    return vectors + contextLength.wholeFours + cache
  }
}

extension Int {
  fileprivate var wholeFours: Int { (self + 3) / 4 * 4 }
  fileprivate var wholeEights: Int { (self + 7) / 8 * 8 }
}
