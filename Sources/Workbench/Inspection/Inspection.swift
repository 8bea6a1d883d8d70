import Basics
import Networks

/// What a file says about itself: typed facts. Specified in docs/formats/inspection.md.
public struct Inspection: Encodable, Sendable {
  /// One named fact.
  public struct Fact: Sendable {
    /// For programs, with the unit last: `bodyByteCount`.
    public var key: String
    /// For people: `body`.
    public var name: String
    public var value: InspectedValue
    /// What stands behind a number for people, such as `positions`.
    public var unit: String?

    init(_ key: String, _ name: String, _ value: InspectedValue, unit: String? = nil) {
      (self.key, self.name, self.value, self.unit) = (key, name, value, unit)
    }
  }

  /// Rows of something that the file holds: tensors, shards, contenders.
  public struct Section: Encodable, Sendable {
    public struct Column: Sendable {
      public var key: String
      public var title: String
    }

    public var title: String
    public var columns: [Column]
    /// A value for each column.
    public var rows: [[InspectedValue]]

    /// - Parameter columns: each one's key and title.
    init(_ title: String, _ columns: [(key: String, title: String)], rows: [[InspectedValue]]) {
      self.title = title
      self.columns = columns.map { Column(key: $0.key, title: $0.title) }
      self.rows = rows
    }

    private enum CodingKeys: CodingKey { case title, rows }

    /// Each row as an object.
    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(title, forKey: .title)
      var list = container.nestedUnkeyedContainer(forKey: .rows)
      for row in rows {
        var object = list.nestedContainer(keyedBy: InspectedKey.self)
        for (column, value) in zip(columns, row) { try object.encode(value, forKey: InspectedKey(column.key)) }
      }
    }
  }

  public static let schema = "alambic.inspect/2"
  public var file: String
  /// `ATOME01 image`, `checkpoint`, …
  public var format: String
  public var id: ContentID
  public var byteCount: Int
  public var facts: [Fact]
  public var sections: [Section]

  init(_ format: String, _ file: InspectedFile, facts: [Fact], sections: [Section] = []) {
    self.file = file.path
    self.format = format
    id = ContentID(of: file.bytes)
    byteCount = file.bytes.count
    self.facts = facts
    self.sections = sections
  }

  private enum CodingKeys: CodingKey { case schema, file, format, id, byteCount, facts, sections }

  /// Facts as one object, by key.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(Self.schema, forKey: .schema)
    try container.encode(file, forKey: .file)
    try container.encode(format, forKey: .format)
    try container.encode(id, forKey: .id)
    try container.encode(byteCount, forKey: .byteCount)
    var object = container.nestedContainer(keyedBy: InspectedKey.self, forKey: .facts)
    for fact in facts { try object.encode(fact.value, forKey: InspectedKey(fact.key)) }
    try container.encode(sections, forKey: .sections)
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
  /// Explains any of Alambic's files, recognised by its first bytes, not by its name.
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
    vocabulary, ngrams, publishedClassifier, model, softLabels, shardIndex, score, report, json, bundle, records, shard,
  ]
}
