import Firmware
import Formats
import Lineage
import Networks

/// What a contestant takes of a board.
public struct ContestantCost: Sendable {
  public var flashByteCount: Int
  /// Work memory without the stack, at a full window.
  public var ramByteCount: Int
  /// For one byte of text at a full window; nil where there is no model of it.
  public var instructionCount: Int?

  init(flashByteCount: Int, ramByteCount: Int, instructionCount: Int?) {
    self.flashByteCount = flashByteCount
    self.ramByteCount = ramByteCount
    self.instructionCount = instructionCount
  }

  /// - Throws: `HintedError` where the costs of the board's core were not measured.
  init(_ contestant: Contestant, flashByteCount: Int, on board: TargetBoard, _ costs: EngineCosts, window: Int) throws {
    let shape = contestant.shape.shape
    self = try shape.cost(contestant.form, flashByteCount: flashByteCount, window: window, on: board, costs)
    guard let ablation = contestant.ablation else { return }
    // No engine runs an ablated model.
    instructionCount = nil
    if ablation.floatWeights { self.flashByteCount = 4 * shape.parameterCount }
  }

  /// The same with a vocabulary: flash for its section, and a step's instructions for a byte of text. The encoder is on
  /// the stack, which the work memory leaves out.
  func speaking(_ vocabulary: Vocabulary, bytesPerToken: Double) -> ContestantCost {
    guard !vocabulary.isIdentity else { return self }
    return ContestantCost(
      flashByteCount: flashByteCount + VocabularyFile.write(vocabulary).count,
      ramByteCount: ramByteCount,
      instructionCount: instructionCount.map { Int((Double($0) / bytesPerToken).rounded()) })
  }
}
