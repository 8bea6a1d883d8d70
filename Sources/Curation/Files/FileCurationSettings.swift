import Basics
import Intake
import Lineage

/// All that curation of files is told.
public struct FileCurationSettings: Sendable {
  /// `-` is standard input.
  public var paths: [String]
  /// Nil for what each file's name says.
  public var format: InputFormat?
  public var separator: TextSeparator = .blankLine
  public var template: TextTemplate
  /// Names of a table's columns, where its first row is a record.
  public var columns: [String]?
  /// A folder.
  public var output: String
  /// A record is one document, whatever the boundary.
  public var curation: CurationSettings
  public var threadCount: Int
  /// What is remembered of texts takes so much memory; more lies in scratch files in the output folder. Beside it the
  /// blocks that are being read take some tens of megabytes.
  public var memoryByteCount = 1 << 30
  /// What lies on one side of the split together, beside near duplicates that stay.
  public var splitKey: SplitKey?
  /// Writes `proof.json`, and looks for near duplicates as closely as whoever checks it.
  public var proof: ProofSettings?

  public init(paths: [String], template: TextTemplate, output: String, curation: CurationSettings, threadCount: Int) {
    self.paths = paths
    self.template = template
    self.output = output
    self.curation = curation
    self.threadCount = threadCount
  }
}

/// What curation of files did: every record that was read is in one of the counts.
public struct FileCurationReport: Codable, Hashable, Sendable {
  public struct Input: Codable, Hashable, Sendable {
    public var name: String
    public var recordCount: Int
  }

  public var schema = "alambic.curation/1"
  public var inputs: [Input] = []
  public var recordCount = 0
  public var keptCount = 0
  public var keptByteCount = 0
  public var heldOutCount = 0
  /// Texts that were said more than once.
  public var repeatedCount = 0
  /// Sets of near duplicates, and texts in them.
  public var nearSetCount = 0
  public var nearTextCount = 0
  /// By reason.
  public var rejected: [String: Int] = [:]
  /// Texts that were kept changed, by what was mended.
  public var repaired: [String: Int] = [:]

  /// What most of the different texts begin with, where that is more than should be.
  public var commonOpening: String?
  /// The share of them that do, at least.
  public var commonOpeningShare: Double?

  mutating func note(_ openings: CommonOpenings) {
    guard openings.textCount >= DiversityAlarm.leastTextCount, let first = openings.first,
      first.share > DiversityAlarm.largestOpening
    else { return }
    (commonOpening, commonOpeningShare) = (first.text, (first.share * 1000).rounded() / 1000)
  }

  mutating func reject(_ reason: RejectionReason, count: Int = 1) {
    if count > 0 { rejected[reason.rawValue, default: 0] += count }
  }

  mutating func add(_ piece: DocumentLines.Piece) {
    keptCount += piece.keptCount
    keptByteCount += piece.keptByteCount
    heldOutCount += piece.heldOutCount
    repeatedCount += piece.repeatedCount
    for (reason, count) in piece.refused { reject(reason, count: count) }
  }

  /// - Throws: `HintedError`, status 70, where counts do not add up.
  func check() throws {
    let all = keptCount + rejected.values.reduce(0, +)
    guard all == recordCount, inputs.reduce(0, { $0 + $1.recordCount }) == recordCount else {
      throw HintedError("\(recordCount) records were read, but \(all) were decided on", status: .internalFault)
    }
  }
}
