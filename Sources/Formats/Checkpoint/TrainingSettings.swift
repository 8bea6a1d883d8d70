import Basics
import Networks

/// Everything that a training run is told besides the model's shape and its data; with those two it decides every byte
/// of the checkpoint. How many threads work is no part of it.
public struct TrainingSettings: Hashable, Codable, Sendable {
  /// How the learning rate moves after warm-up.
  public enum Schedule: String, Hashable, Codable, Sendable, CaseIterable {
    case constant
    /// Half a cosine from the full rate to zero at the last step.
    case cosine
  }

  /// Where the windows of a batch begin, and where they end.
  public enum Windows: String, Hashable, Codable, Sendable, CaseIterable {
    /// At a multiple of their length.
    case aligned
    /// At any token of the training text, so that a token is met with histories of any length.
    case anywhere
    /// With a document's first token, from an empty state, and with the separator behind its last, as in a talk. A
    /// document of more than W tokens is cut: see `overlapTokenCount`.
    case documents
  }

  /// What a ternary tensor's scale is.
  public enum Scales: String, Hashable, Codable, Sendable, CaseIterable {
    /// The mean |w|, as published.
    case mean
    /// The mean |w| times a factor that is trained with the other parameters.
    case learned
  }

  /// What matrices and tables are rounded to, in training as in use.
  public enum Weights: String, Hashable, Codable, Sendable, CaseIterable {
    /// Whole multiples of a scale for each row, -7 to 7 of them.
    case fourBit = "4bit"

    /// The largest multiple.
    public var levels: Int { 7 }
  }

  /// Muon: momentum, made orthogonal (Jordan, "Muon: An optimizer for hidden layers in neural networks", 2024).
  public struct Muon: Hashable, Codable, Sendable {
    /// The full rate; it follows the same warm-up and schedule.
    public var learningRate: Float
    public var momentum: Float
    /// Decay of ternary matrices; nil for that of all parameters. It bounds how far a weight gets from where its trit
    /// changes.
    public var ternaryWeightDecay: Float?

    public init(learningRate: Float, momentum: Float, ternaryWeightDecay: Float? = nil) {
      self.learningRate = learningRate
      self.momentum = momentum
      self.ternaryWeightDecay = ternaryWeightDecay
    }

    enum CodingKeys: String, CodingKey {
      case learningRate = "learning_rate"
      case momentum
      case ternaryWeightDecay = "ternary_weight_decay"
    }
  }

  /// Noise on ternary weights before they are rounded to trits; it falls in proportion to the steps, to nothing.
  public struct Dither: Hashable, Codable, Sendable {
    /// The noise is uniform in ± half of this; in units of what trits are multiples of.
    public var width: Float
    /// At which part of all steps it has gone.
    public var end: Float

    public init(width: Float, end: Float) {
      self.width = width
      self.end = end
    }
  }

  /// What a run leaves out to measure what it is worth. Its checkpoint is a measurement: engines cannot run it.
  public struct Ablation: Hashable, Codable, Sendable, CustomStringConvertible {
    /// Computes with the float parameters themselves instead of their trits.
    public var floatWeights: Bool
    /// The router never chooses these; the others share what is left.
    public var withoutPathways: [Pathway]

    public init(floatWeights: Bool = false, withoutPathways: [Pathway] = []) {
      self.floatWeights = floatWeights
      self.withoutPathways = withoutPathways
    }

    /// Like `float weights, without state`.
    public var description: String {
      ((floatWeights ? ["float weights"] : []) + withoutPathways.map { "without \($0.rawValue)" })
        .joined(separator: ", ")
    }

    enum CodingKeys: String, CodingKey {
      case floatWeights = "float_weights"
      case withoutPathways = "without_pathways"
    }
  }

  /// What a teacher said about the text, and how much it counts.
  public struct Soft: Hashable, Codable, Sendable {
    /// What share of the loss is the divergence from the labels, where there are any, instead of the text's
    /// cross-entropy.
    public var share: Float
    /// The id of the file of soft labels.
    public var labels: ContentID

    public init(share: Float, labels: ContentID) {
      self.share = share
      self.labels = labels
    }
  }

  /// The recipe's name, for people; the numbers below are what counts.
  public var recipe: String
  public var stepCount: Int
  /// Windows in one step.
  public var batchCount: Int
  /// W, the most tokens of a window; of a byte student, bytes.
  public var windowTokenCount: Int
  public var seed: UInt64
  /// Initial weights are normal with this deviation times 1 / sqrt(fan-in).
  public var initialScale: Float
  public var learningRate: Float
  /// Steps over which the rate rises from zero in equal parts.
  public var warmUpStepCount: Int
  public var schedule: Schedule
  public var beta1: Float
  public var beta2: Float
  public var epsilon: Float
  /// Decoupled decay of all parameters.
  public var weightDecay: Float
  /// Nil for aligned ones.
  public var windows: Windows?
  /// How likely a string of the vocabulary is passed over at a place where it fits, when what is trained on is cut into
  /// tokens anew; nil for one segmentation of each text, the longest strings.
  public var segmentationDropout: Float?
  /// What a prediction before a document's reply weighs in the loss, beside 1 for the others; nil for 1.
  public var promptWeight: Float?
  /// How often a document may come in an epoch, however often it was said; nil for no limit. Of documents only.
  public var repeatLimit: Int?
  /// Muon instead of AdamW on the attention and router matrices; nil for AdamW everywhere.
  public var muon: Muon?
  /// How the scale of a ternary tensor comes about.
  public var scales: Scales
  /// Nil to round weights as they are.
  public var dither: Dither?
  /// At which part of all steps the learning rate of ternary tensors has followed the schedule to its end, so that the
  /// others settle on trits that change no more; nil for the last step, as for the others.
  public var ternaryEnd: Float?
  /// Gradients longer than this are shortened to it; nil for no clipping.
  public var clipNorm: Float?
  /// Held-out text is evaluated after every so many steps and after the last one.
  public var evaluationInterval: Int
  /// The run ends after so many evaluations in a row without a new best, and leaves the best; nil for a run that does
  /// all steps and leaves the last.
  public var patience: Int?
  /// Nil for what the architecture is made of: trits, or a plain GPT's floats.
  public var weights: Weights?
  /// What share of the loss is the divergence from what a twin of float weights predicts, instead of the text's
  /// cross-entropy; nil for a run without one. See `twin`.
  public var twinShare: Float?
  /// Nil for a run that learns from the text alone.
  public var soft: Soft?
  /// Of a classifier: only its labels' tokens are predicted, and only behind a text; nil for a student that speaks.
  public var head: LabelHead?
  /// Nil for the whole model.
  public var ablation: Ablation?

  public init(
    recipe: String, stepCount: Int, batchCount: Int, windowTokenCount: Int, seed: UInt64, initialScale: Float,
    learningRate: Float, warmUpStepCount: Int, schedule: Schedule, beta1: Float, beta2: Float, epsilon: Float,
    weightDecay: Float, windows: Windows? = nil, segmentationDropout: Float? = nil, promptWeight: Float? = nil,
    repeatLimit: Int? = nil, muon: Muon?, scales: Scales, dither: Dither? = nil, ternaryEnd: Float? = nil,
    clipNorm: Float?, evaluationInterval: Int, weights: Weights? = nil, twinShare: Float? = nil,
    soft: Soft? = nil, ablation: Ablation? = nil
  ) {
    self.recipe = recipe
    self.stepCount = stepCount
    self.batchCount = batchCount
    self.windowTokenCount = windowTokenCount
    self.seed = seed
    self.initialScale = initialScale
    self.learningRate = learningRate
    self.warmUpStepCount = warmUpStepCount
    self.schedule = schedule
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.windows = windows
    self.segmentationDropout = segmentationDropout
    self.promptWeight = promptWeight
    self.repeatLimit = repeatLimit
    self.muon = muon
    self.scales = scales
    self.dither = dither
    self.ternaryEnd = ternaryEnd
    self.clipNorm = clipNorm
    self.evaluationInterval = evaluationInterval
    self.weights = weights
    self.twinShare = twinShare
    self.soft = soft
    self.ablation = ablation
  }

  enum CodingKeys: String, CodingKey {
    case recipe, seed, schedule, beta1, beta2, epsilon, windows, muon, scales, dither, weights, soft, head, ablation,
      patience
    case segmentationDropout = "segmentation_dropout"
    case promptWeight = "prompt_weight"
    case repeatLimit = "repeat_limit"
    case ternaryEnd = "ternary_end"
    case twinShare = "twin_share"
    case stepCount = "step_count"
    case batchCount = "batch_count"
    case windowTokenCount = "window_token_count"
    case initialScale = "initial_scale"
    case learningRate = "learning_rate"
    case warmUpStepCount = "warm_up_step_count"
    case weightDecay = "weight_decay"
    case clipNorm = "clip_norm"
    case evaluationInterval = "evaluation_interval"
  }
}

extension TrainingSettings {
  /// Whether a step moves the scales: without rounding there are none.
  public var computesScales: Bool { scales == .learned && roundsWeights }

  /// Whether ternary tensors are rounded: what is meant for them does not hold where they are not.
  public var roundsWeights: Bool { ablation?.floatWeights != true }
}

// MARK: - Documents

extension TrainingSettings {
  /// The tokens that a part of a long document shares with the part before it: a quarter of a window. They are read for
  /// their context; what they predict was counted before.
  public static func overlapTokenCount(ofWindow tokenCount: Int) -> Int { max(1, tokenCount / 4) }
}

// MARK: - Limits

extension TrainingSettings {
  /// What `validate` allows; a recipe's limits are the same.
  public static let stepCounts = 1...100_000_000
  public static let batchCounts = 1...65_536
  public static let windowTokenCounts = 2...4096
  public static let segmentationDropouts: ClosedRange<Float> = 0...1
  public static let twinShares: ClosedRange<Float> = 0...1
  public static let softShares: ClosedRange<Float> = 0...1
  public static let promptWeights: ClosedRange<Float> = 0...1
  public static let repeatLimits = 1...1_000_000
  public static let patiences = 1...1_000_000
  public static let evaluationIntervals = 1...100_000_000

  /// - Throws: `HintedError` that names the first setting outside its limits.
  public func validate() throws {
    try check("step_count", stepCount, Self.stepCounts)
    try check("batch_count", batchCount, Self.batchCounts)
    try check("window_token_count", windowTokenCount, Self.windowTokenCounts)
    if let segmentationDropout {
      try check("segmentation_dropout", segmentationDropout, Self.segmentationDropouts)
    }
    if let promptWeight { try check("prompt_weight", promptWeight, Self.promptWeights) }
    if let repeatLimit { try check("repeat_limit", repeatLimit, Self.repeatLimits) }
    if windows != .documents, promptWeight != nil || repeatLimit != nil {
      throw HintedError(
        "training settings: prompt_weight and repeat_limit are of documents, and windows is not `documents`",
        hint: "train on documents, or leave both out", status: .usage)
    }
    try check("warm_up_step_count", warmUpStepCount, 0...100_000_000)
    try check("evaluation_interval", evaluationInterval, Self.evaluationIntervals)
    if let patience { try check("patience", patience, Self.patiences) }
    try check("initial_scale", initialScale, 0...10)
    try check("learning_rate", learningRate, 0...10)
    try check("beta1", beta1, 0...0.99999)
    try check("beta2", beta2, 0...0.999999)
    try check("epsilon", epsilon, 1e-20...1)
    try check("weight_decay", weightDecay, 0...10)
    if let muon {
      try check("muon.learning_rate", muon.learningRate, 0...10)
      try check("muon.momentum", muon.momentum, 0...0.99999)
      if let decay = muon.ternaryWeightDecay { try check("muon.ternary_weight_decay", decay, 0...10) }
    }
    if let dither {
      try check("dither.width", dither.width, 0...2)
      try check("dither.end", dither.end, 0.001...1)
    }
    if let ternaryEnd { try check("ternary_end", ternaryEnd, 0.001...1) }
    if let clipNorm { try check("clip_norm", clipNorm, 1e-6...1e6) }
    try checkTwin()
    try checkSoft()
    try checkHead()
    if let ablation, Set(ablation.withoutPathways).count == Pathway.allCases.count {
      throw HintedError(
        "training settings: ablation.without_pathways names all three", hint: "leave one pathway in", status: .usage)
    }
  }

  private func checkTwin() throws {
    guard let twinShare else { return }
    try check("twin_share", twinShare, Self.twinShares)
    if ablation?.floatWeights == true {
      throw HintedError(
        "training settings: with float weights the run is its own twin", hint: "leave twin_share out", status: .usage)
    }
  }

  private func checkSoft() throws {
    guard let soft else { return }
    try check("soft.share", soft.share, Self.softShares)
    guard segmentationDropout == nil, twinShare == nil else {
      throw HintedError(
        "training settings: soft labels are of one segmentation, and a run has one teacher",
        hint: "leave segmentation_dropout and twin_share out, or soft labels", status: .usage)
    }
  }

  private func checkHead() throws {
    guard let head else { return }
    try head.validate()
    guard windows == .documents, soft == nil, segmentationDropout == nil else {
      throw HintedError(
        "training settings: a classifier learns labels of documents, without soft labels and segmentation dropout",
        hint: "leave both out", status: .usage)
    }
  }

  private func check<Value: Comparable>(_ name: String, _ value: Value, _ range: ClosedRange<Value>) throws {
    guard range.contains(value) else {
      throw HintedError(
        "training settings: \(name) is \(value), outside \(range.lowerBound)…\(range.upperBound)",
        hint: "start from a named recipe and change one setting at a time", status: .usage)
    }
  }
}
