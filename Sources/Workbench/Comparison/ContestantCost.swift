import Firmware
import Formats
import Networks

/// What a contestant takes of a board.
struct ContestantCost: Sendable {
  var flashByteCount: Int
  /// Work memory without the stack, at a full window.
  var ramByteCount: Int
  /// For one byte at a full window; nil where there is no model of it.
  var instructionCount: Int?

  /// - Throws: `HintedError` where the costs of the board's core were not measured.
  init(_ contestant: Contestant, flashByteCount: Int, on board: TargetBoard, _ costs: EngineCosts, window: Int) throws {
    switch contestant.shape {
    case .atome(let shape):
      let fit = try BoardFit(shape, on: board, variant: .float, contextLength: window, costs: costs)
      let isFloat = contestant.ablation?.floatWeights == true
      self.flashByteCount = isFloat ? 4 * shape.parameterCount : flashByteCount
      ramByteCount = fit.engineByteCount
      // No engine runs an ablated model.
      instructionCount = contestant.ablation == nil ? fit.instructionCount : nil
    case .gpt(let shape):
      self.flashByteCount = contestant.form == .float32 ? 4 * shape.parameterCount : flashByteCount
      ramByteCount = 4 * Self.floatCount(shape, window: window)
    }
  }

  /// A frugal engine's floats: keys and values of the window, and for one position the residual stream, its norm,
  /// query, mixed values, scores of one head, the hidden layer, and the logits.
  static func floatCount(_ shape: GPTShape, window: Int) -> Int {
    let cache = 2 * shape.layerCount * window * shape.modelWidth
    return cache + 4 * shape.modelWidth + window + shape.feedForwardWidth + GPTShape.vocabularySize
  }
}
