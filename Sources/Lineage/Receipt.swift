import Basics
import Foundation

/// What made an artifact: written last, so that its presence says that the artifact is whole.
public struct Receipt: Hashable, Codable, Sendable {
  /// The second version has its date by ISO 8601; receipts of the first have no schema and seconds since 2001.
  public static let currentSchema = "alambic.receipt/2"

  public private(set) var schema: String? = Receipt.currentSchema
  public var stage: StageName
  public var corpus: String?
  public var inputs: [Artifact]
  public var outputs: [Artifact]
  /// Everything that the stage was told, as text by name: recipe fields, flags, seed. With the inputs, this decides the
  /// outputs' bytes; with `stage`, its hash says whether a stage is up to date.
  public var settings: [String: String]
  /// What came out of it, as a person reads it.
  public var summary: String
  /// Alambic's version.
  public var version: String
  /// In whole seconds.
  public var startedAt: Date
  public var durationSeconds: Double
  /// What teachers charged, in US dollars.
  public var cost: Double
  /// Counts worth showing: documents kept, bits per byte.
  public var figures: [String: Double]

  public init(
    stage: StageName, corpus: String?, inputs: [Artifact], outputs: [Artifact], settings: [String: String],
    summary: String = "", version: String = AlambicVersion.current, startedAt: Date, durationSeconds: Double,
    cost: Double = 0, figures: [String: Double] = [:]
  ) {
    self.stage = stage
    self.corpus = corpus
    self.inputs = inputs
    self.outputs = outputs
    self.settings = settings
    self.summary = summary
    self.version = version
    self.startedAt = Date(
      timeIntervalSinceReferenceDate: startedAt.timeIntervalSinceReferenceDate.rounded(.down))
    self.durationSeconds = durationSeconds
    self.cost = cost
    self.figures = figures
  }

  /// The hash of what decides the outputs: equal keys mean that the work need not be done again.
  public var key: ContentID {
    get throws { try Self.key(stage: stage, inputs: inputs.map(\.id), settings: settings) }
  }

  public static func key(stage: StageName, inputs: [ContentID], settings: [String: String]) throws -> ContentID {
    struct Key: Encodable {
      var stage: StageName
      var inputs: [ContentID]
      var settings: [String: String]
    }
    return try ContentID(ofCanonical: Key(stage: stage, inputs: inputs.sorted(), settings: settings))
  }
}
