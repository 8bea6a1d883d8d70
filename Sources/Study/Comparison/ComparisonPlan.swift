import Basics
import Formats
import Lineage
import Training

/// What a comparison is asked to do.
public struct ComparisonPlan: Sendable {
  /// What is learned and measured.
  public enum Source: Sendable {
    /// A whole text of bytes, whose training part the vocabulary is learned from.
    case text([UInt8], Recipe.VocabularyChoice)
    /// A corpus, encoded already: its training documents, its held-out ones, and its questions.
    case corpus(TrainingData, StudentExam?)
  }

  public var source: Source
  /// As files and pages name it.
  public var sourceName: String
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
  /// Models of others, measured on the same test.
  public var peers: [Peer]

  public init(
    source: Source, sourceName: String, contestants: ContestantSet, chosen: [Contestant], settings: TrainingSettings,
    seedCount: Int, isTuned: Bool, hasPublished: Bool, hasEqualTime: Bool, hasAblations: Bool,
    peers: [Peer] = []
  ) {
    self.source = source
    self.sourceName = sourceName
    self.contestants = contestants
    self.chosen = chosen
    self.settings = settings
    self.seedCount = seedCount
    self.isTuned = isTuned
    self.hasPublished = hasPublished
    self.hasEqualTime = hasEqualTime
    self.hasAblations = hasAblations
    self.peers = peers
  }

  var window: Int { settings.windowTokenCount }

  func contestants(_ names: [String]) throws -> [Contestant] {
    try Contestant.list(parsing: names, window: window)
  }

  /// Who meets whom with the plan's settings; the first of each list is what the rest are compared with.
  func groups() throws -> [(title: String, members: [Contestant])] {
    if !chosen.isEmpty { return [("Chosen", chosen)] }
    return [
      ("Equal parameters", try contestants(contestants.equalParameters)),
      ("Equal flash", try contestants(contestants.equalFlash)),
      ("Ternary", try contestants(contestants.ternary)),
    ].filter { !$0.1.isEmpty }
  }
}

extension ComparisonPlan {
  /// - Throws: `HintedError` for a part of the plan that a corpus does not allow.
  func check() throws {
    guard isCorpus else { return }
    guard peers.isEmpty else {
      throw HintedError(
        "--model needs a text: a corpus's documents are measured in its own vocabulary",
        hint: "leave it out, or compare on a text with --data", status: .usage)
    }
    let asked = [("--tune", isTuned), ("--published", hasPublished)].filter(\.1)
    guard let first = asked.first else { return }
    throw HintedError(
      "\(first.0) needs a text: the recipe of \(sourceName) divides its documents in two parts, and says the rates",
      hint: "leave it out, or compare on a text with --data", status: .usage)
  }

  var isCorpus: Bool {
    if case .corpus = source { true } else { false }
  }

  /// What the source is known by: a text by its bytes, a corpus by its tokens.
  var sourceID: ContentID {
    switch source {
    case .text(let text, _): ContentID(of: text)
    case .corpus(let data, _): data.id
    }
  }
}
