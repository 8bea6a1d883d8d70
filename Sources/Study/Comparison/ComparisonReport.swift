import Basics
import Formats
import Foundation
import Model

/// What a comparison found: `compare.json`.
public struct ComparisonReport: Codable, Sendable {
  public var schema = "alambic.compare/2"
  /// The text's name, or the corpus's.
  public var text: String
  /// Of the text's bytes, or of the corpus's tokens.
  public var textID: ContentID
  /// Whether the test is the corpus's held-out part, and nothing was left for a search for rates.
  public var isCorpus: Bool
  /// Of a text.
  public var trainWindowCount: Int?
  public var testWindowCount: Int?
  /// Of a corpus that trains on documents.
  public var trainDocumentCount: Int?
  public var testDocumentCount: Int?
  /// Tokens of a window, which are bytes where there is no vocabulary.
  public var windowTokenCount: Int
  /// Everyone's; nil where tokens are bytes.
  public var vocabulary: VocabularySummary?
  /// Of the test's text.
  public var bytesPerToken: Double
  /// Of the test: bytes that no token stands for.
  public var unknownByteCount: Int
  public var recipe: String
  public var stepCount: Int
  public var batchCount: Int
  public var seeds: [UInt64]
  public var instructionSet: String
  /// Whose engine the instructions are counted for.
  public var board: String
  var tuning: [RateSearch.Outcome]
  public var sections: [Section]
  /// Models of others on the same test; nil where none were named.
  public var peers: [Peer]?

  /// One table: its first row is what the others are compared with.
  public struct Section: Codable, Sendable {
    public var title: String
    /// What is equal, and what was done for it.
    public var note: String
    public var rows: [Row]
  }

  public struct Row: Codable, Sendable {
    public var name: String
    public var shape: String
    public var parameterCount: Int
    public var flashByteCount: Int
    public var ramByteCount: Int
    public var instructionCount: Int?
    public var stepCount: Int
    public var learningRate: Float
    public var muonLearningRate: Float?
    public var stepMilliseconds: Double?
    /// Of the test, one value a seed.
    public var bitsPerByte: [Double]
    /// Questions that were answered wholly right, one value a seed; nil where none were asked.
    public var right: [Proportion]?
    public var difference: Difference?

    public var median: Double {
      let sorted = bitsPerByte.sorted()
      return sorted.isEmpty ? .nan : quantile(0.5, ofSorted: sorted)
    }
    public var range: ClosedRange<Double> { (bitsPerByte.min() ?? 0)...(bitsPerByte.max() ?? 0) }
    /// Per byte, of the median.
    public var perplexity: Double { exp2(median) }
  }

  /// A model of others, trained elsewhere and measured in windows of its own length.
  public struct Peer: Codable, Sendable {
    public var name: String
    public var file: ContentID
    /// What the flash holds.
    public var form: String
    public var parameterCount: Int
    /// `windows of 512 positions`.
    public var window: String
    public var flashByteCount: Int
    /// Nil where no engine here runs it; so are the instructions.
    public var ramByteCount: Int?
    /// Of one byte of text at a full window.
    public var instructionCount: Int?
    public var bitsPerByte: Double
    /// What was left out of its text.
    public var omitted: String?

    /// Per byte.
    public var perplexity: Double { exp2(bitsPerByte) }
  }

  /// How far a row's bits per byte are above the first row's: the mean over seeds and windows, and its 95 % interval.
  public struct Difference: Codable, Sendable {
    public var mean: Double
    /// Nil, in JSON null, where there are too few seeds or windows; the shortage then says of what.
    public var interval: ConfidenceInterval?
    public var shortage: Shortage?

    public enum Verdict: String, Sendable {
      case better, worse
      case none = "no difference shown"
      /// Nothing can be said.
      case tooFew = "too few to say"
    }

    public var verdict: Verdict {
      guard let interval else { return .tooFew }
      if interval.lower > 0 { return .worse }
      return interval.upper < 0 ? .better : .none
    }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(mean, forKey: .mean)
      try container.encode(interval, forKey: .interval)
      try container.encodeIfPresent(shortage, forKey: .shortage)
    }
  }
}
