import Formats

/// All that goes into a bundle, as bytes: the stage looks nothing up by itself.
public struct BundleContents: Hashable, Sendable {
  /// Names the bundle: `thermostat`.
  public var name: String
  /// What the bundle is, for its README: a paragraph that a person reads first.
  public var summary: String
  /// The `.atome` image.
  public var model: [UInt8]
  /// The verification report, for programs and for people.
  public var reportJSON: [UInt8]
  public var reportHTML: [UInt8]
  /// What the report's contenders were asked.
  public var vectors: [UInt8]
  /// An excerpt of the answers, for who recomputes them otherwise.
  public var transcript: [UInt8]
  /// How many of the corpus's questions the model answers rightly; nil where nobody judges.
  public var scoreJSON: [UInt8]?
  /// The page that lets the model talk; nil where it could not be made.
  public var playground: [UInt8]?
  /// The recipe and all that it reads, paths relative to the recipe's folder.
  public var recipeFiles: [BundleFile]
  public var datasheet: [UInt8]
  public var licenses: [UInt8]
  /// The chain of receipts from prompts to this model, as JSON.
  public var receipts: [UInt8]
  /// The model card, in Markdown with front matter.
  public var modelCard: [UInt8]
  /// The provenance, as JSON.
  public var provenance: [UInt8]
  /// The commands that talk to the model, run in the bundle's folder.
  public var runCommands: [String]
  /// The commands that make the model again from `recipe/`, run in the bundle's folder.
  public var reproduceCommands: [String]

  public init(
    name: String, summary: String, model: [UInt8], reportJSON: [UInt8], reportHTML: [UInt8],
    vectors: [UInt8], transcript: [UInt8], scoreJSON: [UInt8]? = nil, playground: [UInt8]? = nil,
    recipeFiles: [BundleFile], datasheet: [UInt8],
    licenses: [UInt8], receipts: [UInt8], modelCard: [UInt8], provenance: [UInt8],
    runCommands: [String],
    reproduceCommands: [String]
  ) {
    self.name = name
    self.summary = summary
    self.model = model
    self.reportJSON = reportJSON
    self.reportHTML = reportHTML
    self.vectors = vectors
    self.transcript = transcript
    self.scoreJSON = scoreJSON
    self.playground = playground
    self.recipeFiles = recipeFiles
    self.datasheet = datasheet
    self.licenses = licenses
    self.receipts = receipts
    self.modelCard = modelCard
    self.provenance = provenance
    self.runCommands = runCommands
    self.reproduceCommands = reproduceCommands
  }
}
