import Basics
import Networks

/// What a file says about itself.
public struct Inspection: Encodable, Sendable {
  /// One named fact; numbers carry their unit in the text.
  public struct Fact: Encodable, Sendable {
    public var name: String
    public var value: String
  }

  /// Rows of something that the file holds: tensors, shards, contenders.
  public struct Section: Encodable, Sendable {
    public var title: String
    public var columns: [String]
    public var rows: [[String]]
  }

  public var schema = "alambic.inspect/1"
  public var file: String
  /// `ATOME01 image`, `checkpoint`, …
  public var format: String
  public var id: ContentID
  public var byteCount: Int
  public var facts: [Fact]
  public var sections: [Section]

  init(_ format: String, _ file: InspectedFile, facts: [(String, String)], sections: [Section] = []) {
    self.file = file.path
    self.format = format
    id = ContentID(of: file.bytes)
    byteCount = file.bytes.count
    self.facts = facts.map { Fact(name: $0.0, value: $0.1) }
    self.sections = sections
  }
}

/// A file that is being inspected: its bytes, and the shape of a foreign image.
struct InspectedFile {
  var path: String
  var bytes: [UInt8]
  var shape: AtomeShape?

  func starts(with text: String, at offset: Int = 0) -> Bool {
    bytes.count >= offset && bytes[offset...].starts(with: text.utf8)
  }
}

extension Inspection {
  /// Explains any file of ours, recognised by its first bytes, not by its name.
  /// - Throws: `HintedError` for a file that is damaged, or of no format that Alambic knows.
  public init(of path: String, shape: AtomeShape? = nil) throws {
    let file = InspectedFile(path: path, bytes: try AtomicFile.read(path), shape: shape)
    guard let explain = Self.explainers.first(where: { $0.recognises(file) }) else {
      throw HintedError(
        "\(path) is of no format that Alambic knows",
        hint:
          "it explains .atome images, checkpoints, vocabularies, documents, shards, reports, bundles and their files")
    }
    self = try explain.explain(file)
  }

  /// One format: how it is recognised, and what it says.
  struct Explainer: Sendable {
    var recognises: @Sendable (InspectedFile) -> Bool
    var explain: @Sendable (InspectedFile) throws -> Inspection
  }

  /// A vocabulary comes first: like an image, it begins with ATOME.
  private static let explainers: [Explainer] = [
    vocabulary, model, softLabels, shardIndex, score, report, json, bundle, records, shard,
  ]
}
