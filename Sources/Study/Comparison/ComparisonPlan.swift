import Basics
import Formats
import Lineage
import Training

/// What a comparison is asked to do.
public struct ComparisonPlan: Sendable {
  /// The whole text.
  public var text: [UInt8]
  /// As files and pages name it.
  public var textName: String
  public var contestants: ContestantSet
  /// Instead of a set: these, the first being what the others are compared with.
  public var chosen: [Contestant]
  /// Steps, batch, window and everything else but seed and tuned rates.
  public var settings: TrainingSettings
  public var seedCount: Int
  /// Look for each shape's own learning rates first.
  public var isTuned: Bool
  /// First the published recipe's table.
  public var hasPublished: Bool
  /// And with as much training time as the first contestant.
  public var hasEqualTime: Bool
  public var hasAblations: Bool

  public init(
    text: [UInt8], textName: String, contestants: ContestantSet, chosen: [Contestant], settings: TrainingSettings,
    seedCount: Int, isTuned: Bool, hasPublished: Bool, hasEqualTime: Bool, hasAblations: Bool
  ) {
    self.text = text
    self.textName = textName
    self.contestants = contestants
    self.chosen = chosen
    self.settings = settings
    self.seedCount = seedCount
    self.isTuned = isTuned
    self.hasPublished = hasPublished
    self.hasEqualTime = hasEqualTime
    self.hasAblations = hasAblations
  }

  var window: Int { settings.windowTokenCount }

  func contestants(_ names: [String]) throws -> [Contestant] {
    try names.map { try Contestant(parsing: $0, window: window) }
  }

  /// Who meets whom with the plan's settings; the first of each list is what the rest are compared with.
  func groups() throws -> [(title: String, members: [Contestant])] {
    if !chosen.isEmpty { return [("Chosen", chosen)] }
    return [
      ("Equal parameters", try contestants(contestants.equalParameters)),
      ("Equal flash", try contestants(contestants.equalFlash)),
    ].filter { !$0.1.isEmpty }
  }
}

/// A text's windows in three parts, in their order: 80 % to train on, 10 % to choose learning rates by, 10 % for the
/// test, which is measured once, after the last step of each training.
struct ComparisonData: Sendable {
  let validation: TrainingData
  let test: TrainingData

  init(_ text: [UInt8], window: Int) throws {
    let windowCount = text.count / window
    let (first, second) = (windowCount * 8 / 10 * window, windowCount * 9 / 10 * window)
    let train = Array(text[..<first])
    validation = try TrainingData(train: train, heldOut: Array(text[first..<second]), window: window)
    test = try TrainingData(train: train, heldOut: Array(text[second..<(windowCount * window)]), window: window)
  }
}
