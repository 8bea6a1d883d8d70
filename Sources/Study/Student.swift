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
  /// The forms in which it can be measured when it was trained in such weights, the one that it is trained in first;
  /// none where it cannot be trained so.
  static func forms(trainedIn weights: TrainingSettings.Weights?) -> [Contestant.Form]
  /// Without a vocabulary; `form` is one of `forms`.
  func flashByteCount(_ form: Contestant.Form) -> Int
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
  public static func forms(trainedIn weights: TrainingSettings.Weights?) -> [Contestant.Form] {
    weights == nil ? [.ternary] : []
  }

  public func flashByteCount(_ form: Contestant.Form) -> Int { atome01ByteCount }

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

extension CompactShape: Student {
  public static func forms(trainedIn weights: TrainingSettings.Weights?) -> [Contestant.Form] {
    weights == nil ? [.compact] : []
  }

  public func flashByteCount(_ form: Contestant.Form) -> Int { imageByteCount }

  /// As an ATOMEQ02 image, by its engine's Swift twin. Its units are chosen on the beginning of what it was trained on.
  public static func worth(of trainer: Trainer<CompactShape>) throws -> StudentWorth {
    let checkpoint = trainer.checkpoint()
    let calibration = try CompactCalibration(
      of: checkpoint,
      on: CompactCalibration.windows(
        of: try trainer.data.trainingSample(), length: checkpoint.settings.windowTokenCount))
    let model = try CompactQuantiser(checkpoint, calibration: calibration).best()
    var engine = try CompactIntegerEngine(model: model, contextLength: 1)
    return StudentWorth(
      windowNats: try trainer.heldOutWindowNats(by: &engine), trainedWindowNats: try trainer.heldOutWindowNats(),
      flashByteCount: checkpoint.shape.imageByteCount)
  }

  public func cost(
    _ form: Contestant.Form, flashByteCount: Int, window: Int, on board: TargetBoard, _ costs: EngineCosts
  ) throws -> ContestantCost {
    let row = try costs.compact(core: board.core.countedAs, level: "-O2")
    return ContestantCost(
      flashByteCount: flashByteCount,
      ramByteCount: EngineFootprint(compact: self, imageByteCount: flashByteCount).engineByteCount(contextLength: 1),
      instructionCount: Int(row.instructions.count(self).rounded()))
  }

  public func trainingOperations(pairs: Double) -> Double {
    let (d, m, f) = (modelWidth, stateWidth, hiddenWidth)
    let weights = layerCount * ((3 * m + gateCount) * d + 2 * f * d) + Self.vocabularySize * d
    return 6 * Double(weights)
  }
}

extension GPTShape: Student {
  public static func forms(trainedIn weights: TrainingSettings.Weights?) -> [Contestant.Form] {
    weights == nil ? [.float32, .int8] : [.fourBit]
  }

  public func flashByteCount(_ form: Contestant.Form) -> Int {
    form.width.map(imageByteCount) ?? 4 * parameterCount
  }

  /// As an integer image, by its engine's Swift twin. Its units are chosen on the beginning of what it was trained on.
  public static func worth(of trainer: Trainer<GPTShape>) throws -> StudentWorth {
    let checkpoint = trainer.checkpoint()
    let width: GPTWeightWidth = checkpoint.settings.weights == nil ? .eight : .four
    let calibration = try GPTCalibration(
      of: checkpoint.shape, weights: checkpoint.weights, on: try trainer.data.trainingSample(),
      window: GPTQuantiser.positionCount(of: checkpoint))
    var engine = GPTIntegerEngine(
      model: try GPTQuantiser(checkpoint, width: width, calibration: calibration).quantised())
    return StudentWorth(
      windowNats: try trainer.heldOutWindowNats(by: &engine), trainedWindowNats: try trainer.heldOutWindowNats(),
      flashByteCount: checkpoint.shape.imageByteCount(width))
  }

  public func cost(
    _ form: Contestant.Form, flashByteCount: Int, window: Int, on board: TargetBoard, _ costs: EngineCosts
  ) throws -> ContestantCost {
    guard let width = form.width else {
      return ContestantCost(
        flashByteCount: 4 * parameterCount, ramByteCount: 4 * engineFloatCount(window: window), instructionCount: nil)
    }
    var trained = self
    trained.contextLength = max(1, window - 1)
    let row = try costs.baseline(core: board.core.countedAs, level: "-O2", width: width)
    return ContestantCost(
      flashByteCount: flashByteCount, ramByteCount: trained.integerEngineByteCount,
      instructionCount: Int(row.instructions.count(trained, width: width, filled: trained.contextLength).rounded()))
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
