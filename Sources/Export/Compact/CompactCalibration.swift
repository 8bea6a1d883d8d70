import Basics
import Formats
import Model
import Networks

/// How large a compact student's activations are on real text: what an image's units are chosen by.
public struct CompactCalibration: Sendable {
  /// Of each norm's input and output, in the order of a step: of each block state and feed-forward; then the final one.
  private(set) var streams: [Calibration.Range]
  private(set) var normed: [Calibration.Range]
  /// By block, of all passes: what the state moves to, what is read of it, and squared hidden numbers.
  private(set) var values: [Calibration.Range]
  private(set) var read: [Calibration.Range]
  private(set) var squares: [Calibration.Range]
  /// Some of the texts, and what the float student predicts after each of their tokens.
  private(set) var examples: [Example] = []
  /// How many positions were read.
  public private(set) var positionCount = 0

  /// A text, and the logarithms of the probabilities of the 256 tokens that may follow each of its tokens; of a
  /// classifier those of its labels, behind the text alone.
  struct Example: Sendable {
    /// Of each step.
    let tokens: [[UInt8]]
    /// Nil for all tokens.
    let choices: [UInt8]?
    /// Of the last positions.
    private(set) var predictions: [[Double]] = []

    init(_ tokens: [[UInt8]], choices: [UInt8]?, by engine: inout some JointLogitSource) throws {
      (self.tokens, self.choices) = (tokens, choices)
      try forEachPrediction(of: &engine) { _, prediction in predictions.append(prediction) }
    }

    /// Runs an engine over the text.
    /// - Parameter body: is given the number of a prediction, and what the engine predicts there.
    func forEachPrediction(of engine: inout some JointLogitSource, _ body: (Int, [Double]) throws -> Void) throws {
      engine.reset()
      let first = choices == nil ? 0 : tokens.count - 1
      for (position, step) in tokens.enumerated() {
        let logits = try engine.step(together: step)
        guard position >= first else { continue }
        let wanted = choices.map { $0.map { logits[Int($0)] } } ?? logits
        try body(position - first, logProbabilities(wanted, scale: engine.logitKind.scale))
      }
    }
  }

  /// Positions of examples: each of them is run some tens of times.
  private static let examplePositionCount = 2048

  /// Runs the float engine over texts, each from an empty state.
  /// - Parameters:
  ///   - texts: tokens that the student will be asked to read, held out from training; no more is read than `limit`
  ///     positions, spread over all texts.
  ///   - tokensPerStep: how many tokens the student reads as one.
  ///   - limit: positions that are enough: units change by less than their headroom beyond.
  /// - Throws: `HintedError` where there is no token.
  public init(
    of checkpoint: TrainingCheckpoint<CompactShape>, on texts: [[UInt8]], tokensPerStep: Int = 1,
    positionCount limit: Int = Calibration.positionCount
  ) throws {
    let (shape, blockCount) = (checkpoint.shape, checkpoint.shape.layerCount)
    guard texts.contains(where: { !$0.isEmpty }) else {
      throw HintedError("the text to calibrate on is empty", hint: "give held-out text of the domain", status: .usage)
    }
    streams = Array(repeating: Calibration.Range(), count: 2 * blockCount + 1)
    normed = streams
    values = Array(repeating: Calibration.Range(), count: blockCount)
    read = values
    squares = values
    var engine = try CompactEngine(shape: shape, parameters: checkpoint.parameters, contextLength: 1)
    let texts = texts.map { Self.windows(of: $0, length: tokensPerStep) }
    for text in Self.spread(texts, limit: limit) {
      engine.reset()
      for tokens in text {
        _ = engine.step(together: tokens)
        note(engine.activations)
        positionCount += 1
      }
    }
    examples = try Self.spread(texts, limit: min(limit, Self.examplePositionCount)).map {
      try Example($0, choices: checkpoint.settings.head?.tokens, by: &engine)
    }
  }

  /// A text of tokens as a student met it in training: in windows, each from an empty state.
  public static func windows(of tokens: [UInt8], length: Int) -> [[UInt8]] {
    stride(from: 0, to: tokens.count, by: length).map { Array(tokens[$0..<min($0 + length, tokens.count)]) }
  }

  /// Texts at equal distances, so that they come from all parts.
  private static func spread(_ texts: [[[UInt8]]], limit: Int) -> [[[UInt8]]] {
    let total = texts.reduce(0) { $0 + $1.count }
    let step = max(1, total / max(1, limit))
    return stride(from: 0, to: texts.count, by: step).map { texts[$0] }
  }

  private mutating func note(_ step: CompactActivations) {
    let (blockCount, depth) = (values.count, step.values.count)
    for index in step.streams.indices {
      let norm = index == 2 * depth ? 2 * blockCount : index % (2 * blockCount)
      streams[norm].note(step.streams[index])
      normed[norm].note(step.normed[index])
    }
    for index in 0..<depth {
      values[index % blockCount].note(step.values[index])
      read[index % blockCount].note(step.read[index])
      squares[index % blockCount].note(step.squares[index])
    }
  }
}
