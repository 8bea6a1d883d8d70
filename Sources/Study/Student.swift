import Basics
import Export
import Firmware
import Formats
import Foundation
import Model
import Networks
import Training

/// What comparisons and benches ask of an architecture.
public protocol Student: TrainableShape {
  /// The forms in which it can be measured, the one that it is trained in first.
  static var forms: [Contestant.Form] { get }
  /// What a trained student is worth in the form in which it would be flashed.
  static func worth(of trainer: Trainer<Self>) throws -> StudentWorth
  /// What it takes of a board at a full window, without a vocabulary; `form` is one of `forms`.
  func cost(_ form: Contestant.Form, flashByteCount: Int, window: Int, on board: TargetBoard, _ costs: EngineCosts)
    throws -> ContestantCost
  /// Floating-point operations of training for each byte: see `TrainingBench.operations`.
  func trainingOperations(pairs: Double) -> Double
}

/// What a trained student is worth.
public struct StudentWorth: Sendable {
  /// The sum of the cross-entropies of each held-out window or document, in nats; students of the same data pair by
  /// index.
  public var windowNats: [Double]
  /// The same before rounding to bytes; equal for an atome model, which trains with its trits.
  public var trainedWindowNats: [Double]
  /// Without a vocabulary.
  public var flashByteCount: Int
}

extension AtomeShape: Student {
  public static var forms: [Contestant.Form] { [.ternary] }

  /// As an ATOME01 image, whose trits it was trained with.
  public static func worth(of trainer: Trainer<AtomeShape>) throws -> StudentWorth {
    let nats = try trainer.heldOutWindowNats()
    return StudentWorth(
      windowNats: nats, trainedWindowNats: nats, flashByteCount: trainer.checkpoint().shape.atome01ByteCount)
  }

  public func cost(
    _ form: Contestant.Form, flashByteCount: Int, window: Int, on board: TargetBoard, _ costs: EngineCosts
  ) throws -> ContestantCost {
    let fit = try BoardFit(self, on: board, variant: .float, contextLength: window, costs: costs)
    return ContestantCost(
      flashByteCount: flashByteCount, ramByteCount: fit.engineByteCount, instructionCount: fit.instructionCount)
  }

  public func trainingOperations(pairs: Double) -> Double {
    let (d, h) = (modelWidth, headWidth)
    let layer = d * (2 * h + d + 3) + d * kernelSize
    let weights = layerCount * layer + Self.vocabularySize * d
    return 6 * Double(weights) + 2 * pairs * Double(layerCount * h)
  }
}

extension GPTShape: Student {
  public static var forms: [Contestant.Form] { [.float32, .int8] }

  /// As its `Int8Form`.
  public static func worth(of trainer: Trainer<GPTShape>) throws -> StudentWorth {
    let form = Int8Form(trainer.checkpoint())
    return StudentWorth(
      windowNats: try trainer.heldOutWindowNats(with: form.parameters),
      trainedWindowNats: try trainer.heldOutWindowNats(), flashByteCount: form.byteCount)
  }

  public func cost(
    _ form: Contestant.Form, flashByteCount: Int, window: Int, on board: TargetBoard, _ costs: EngineCosts
  ) throws -> ContestantCost {
    ContestantCost(
      flashByteCount: form == .float32 ? 4 * parameterCount : flashByteCount,
      ramByteCount: 4 * engineFloatCount(window: window), instructionCount: nil)
  }

  /// A frugal engine's floats: keys and values of the window, and for one position the residual stream, its norm,
  /// query, mixed values, scores of one head, the hidden layer, and the logits.
  func engineFloatCount(window: Int) -> Int {
    let cache = 2 * layerCount * window * modelWidth
    return cache + 4 * modelWidth + window + feedForwardWidth + Self.vocabularySize
  }

  public func trainingOperations(pairs: Double) -> Double {
    let d = modelWidth
    let weights = layerCount * (4 * d * d + 2 * d * feedForwardWidth) + Self.vocabularySize * d
    return 6 * Double(weights) + 12 * pairs * Double(layerCount * d)
  }
}
