import Basics
import Foundation
import Similarity

/// What `proof.json` says of a split, so that anyone can check it again: docs/formats/curated-files.md.
public struct SplitProof: Codable, Hashable, Sendable {
  public struct File: Codable, Hashable, Sendable {
    public var name: String
    public var id: ContentID
    public var byteCount: Int
  }

  public struct Rule: Codable, Hashable, Sendable {
    /// What lies on one side together: `wording` (`text` in proofs of earlier versions: equal bytes), or what
    /// `--split-by` named.
    public var by: String
    public var heldOutFraction: Double
    public var seed: UInt64
    /// Groups of `by`; nil where that is the wording.
    public var groupCount: Int?

    static let wording = "wording"
    /// Whether texts of equal wording may not lie on both sides. Groups go before: theirs may.
    var isByWording: Bool { by == Self.wording && groupCount == nil }
  }

  public struct Side: Codable, Hashable, Sendable {
    public var textCount = 0
    public var byteCount = 0
    /// Of the side's texts in the order of the file, each with a NUL behind it.
    public var id: ContentID
  }

  public struct Near: Codable, Hashable, Sendable {
    /// No two texts of different sides are so alike; nil where nothing is promised.
    public var threshold: Double?
    /// Pairs below this were not looked for.
    public var searchedFrom: Double
    public var setCount: Int
    /// The two of different sides that are most alike; nil where none reaches `searchedFrom`.
    public var nearest: Pair?
  }

  public struct Pair: Codable, Hashable, Sendable {
    /// Origins.
    public var train: String
    public var heldOut: String
    public var similarity: Double
  }

  public struct References: Codable, Hashable, Sendable {
    public var files: [File]
    /// The field of their texts, and what separates plain ones.
    public var text: String
    public var separator: String
    public var wordCount: Int
    /// Records that were refused.
    public var refusedCount: Int
  }

  public static let schema = "alambic.proof/1"
  public static let fileName = "proof.json"
  /// Pairs this much below a promised threshold are looked at, so that hardly one at the threshold is missed.
  static let margin = 0.1
  /// Where nothing is promised.
  static let usualThreshold = 0.8

  public var schema = Self.schema
  public var documents: File
  public var rule: Rule
  public var train: Side
  public var heldOut: Side
  public var near: Near
  public var against: References?

  /// From which similarity on pairs are looked for, where less than `threshold` is promised.
  public static func searchedFrom(_ threshold: Double?) -> Double {
    max(0.3, (((threshold ?? usualThreshold) - margin) * 1000).rounded() / 1000)
  }
}

/// What a proof says beyond what curation knows by itself.
public struct ProofSettings: Hashable, Sendable {
  /// Files that documents must share nothing with.
  public var against: [String]
  /// As `--against-text` and `--against-separator` said.
  public var text: String
  public var separator: String
  public var wordCount: Int

  public init(against: [String], text: String, separator: String, wordCount: Int) {
    (self.against, self.text, self.separator, self.wordCount) = (against, text, separator, wordCount)
  }
}

extension SplitProof {
  /// What a file of documents proves.
  /// - Parameters:
  ///   - path: the documents; the proof will lie beside them.
  ///   - key: what keeps texts on one side; nil for their wording.
  ///   - hasGroups: whether each document names its group.
  /// - Throws: `HintedError` for what cannot be read, and for a split that leaks, with the two texts.
  public init(
    of path: String, curation: CurationSettings, by key: String?, hasGroups: Bool, setCount: Int,
    against: References?, threadCount: Int
  ) async throws {
    let threshold = curation.nearDuplicates?.threshold
    let searchedFrom = Self.searchedFrom(threshold)
    let evidence = try await SplitEvidence(
      of: path, isByWording: key == nil, threshold: threshold ?? .infinity, searchedFrom: searchedFrom,
      threadCount: threadCount)
    documents = File(
      name: URL(fileURLWithPath: path).lastPathComponent, id: evidence.id, byteCount: evidence.byteCount)
    rule = Rule(
      by: key ?? Rule.wording, heldOutFraction: curation.heldOutFraction, seed: curation.seed,
      groupCount: hasGroups ? evidence.groupCount : nil)
    (train, heldOut) = (evidence.train, evidence.heldOut)
    near = Near(
      threshold: threshold, searchedFrom: searchedFrom, setCount: setCount, nearest: evidence.roundedNearest)
    self.against = against
    guard let leak = evidence.twin ?? (evidence.isTooNear ? near.nearest : nil) else { return }
    throw HintedError(
      "the split leaks, so there is no proof: \(leak.train) in training and \(leak.heldOut) held out are "
        + (leak.similarity == 1 ? "the same" : "\(leak.similarity) alike"),
      hint: "curate with a lower similarity for near duplicates", status: .badData)
  }
}

extension FileCuration {
  /// Writes the proof of what was written.
  func write(_ settings: ProofSettings, _ report: FileCurationReport) async throws {
    let references = try settings.against.map { try SplitProof.File(reading: $0) }
    let proof = try await SplitProof(
      of: "\(self.settings.output)/documents.jsonl", curation: self.settings.curation,
      by: self.settings.splitKey?.description, hasGroups: self.settings.splitKey != nil,
      setCount: report.nearSetCount,
      against: references.isEmpty
        ? nil
        : SplitProof.References(
          files: references, text: settings.text, separator: settings.separator, wordCount: settings.wordCount,
          refusedCount: report.rejected["contaminated"] ?? 0),
      threadCount: self.settings.threadCount)
    try AtomicFile.write(
      try CanonicalJSON.pretty(proof), to: "\(self.settings.output)/\(SplitProof.fileName)")
  }
}

extension SplitProof.File {
  init(reading path: String) throws {
    let file = try RandomAccessFile(path)
    self.init(name: path, id: try file.contentID(), byteCount: file.byteCount)
  }
}
