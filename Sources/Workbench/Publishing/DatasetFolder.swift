import Basics
import Formats
import Foundation
import Lineage
import Shipping

/// A curated corpus in the layout that the Hugging Face Hub reads: `data/<split>-00000-of-00001.jsonl`, a README.md
/// whose front matter says what it is, and `croissant.json` (MLCommons Croissant 1.0). Not compressed: Croissant's own
/// reader knows no zstd.
public struct DatasetFolder {
  private let corpus: CorpusFolder
  private let workspace: Workspace
  private let folder: String

  public init(_ corpus: CorpusFolder, workspace: Workspace, folder: String) {
    self.corpus = corpus
    self.workspace = workspace
    self.folder = folder
  }

  public struct Outcome: Sendable {
    public var files: [String]
    /// By the split's name there.
    public var counts: [String: Int]
  }

  private struct File {
    var split: String
    var path: String
    var id: ContentID
    var byteCount: Int
    var documentCount: Int
    var textByteCount: Int
  }

  private struct Row: Encodable {
    var text: String
    var repeats: Int
    var id: String
  }

  /// - Throws: `HintedError` where the corpus was not curated, and for a folder that holds something.
  public func write() throws -> Outcome {
    let present = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    guard present.isEmpty else {
      throw HintedError("\(folder) is not empty", hint: "name a folder that is, or is not there", status: .usage)
    }
    let documents = try RecordFile.read(Document.self, workspace.documentsFile(corpus.name))
    let files = try [(Split.train, "train"), (.heldOut, "test")].compactMap { split, name in
      try write(documents.filter { $0.split == split }, as: name)
    }
    try AtomicFile.write(readme(files), to: "\(folder)/README.md")
    let croissant = try JSONSerialization.data(
      withJSONObject: croissant(files), options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    try AtomicFile.write(Array(croissant) + [0x0A], to: "\(folder)/croissant.json")
    return Outcome(
      files: files.map(\.path) + ["README.md", "croissant.json"],
      counts: Dictionary(uniqueKeysWithValues: files.map { ($0.split, $0.documentCount) }))
  }

  /// Nil for a split without documents.
  private func write(_ documents: [Document], as name: String) throws -> File? {
    guard !documents.isEmpty else { return nil }
    var lines: [UInt8] = []
    for document in documents {
      lines +=
        try CanonicalJSON.encode(
          Row(text: document.text, repeats: document.repeats, id: document.id.description)) + [0x0A]
    }
    let path = "data/\(name)-00000-of-00001.jsonl"
    try AtomicFile.write(lines, to: "\(folder)/\(path)")
    return File(
      split: name, path: path, id: ContentID(of: lines), byteCount: lines.count, documentCount: documents.count,
      textByteCount: documents.reduce(0) { $0 + $1.text.utf8.count })
  }

  private var license: String { corpus.recipe.shipping.license }

  // MARK: - README.md

  private func readme(_ files: [File]) -> String {
    let count = files.reduce(0) { $0 + $1.documentCount }
    return """
      ---
      pretty_name: \(HubLicense.quoted(corpus.name))
      \(HubLicense.lines(license))task_categories:
      - text-generation
      size_categories:
      - \(Self.sizeCategory(count))
      tags:
      - synthetic
      - alambic
      configs:
      - config_name: default
        data_files:
      \(files.map { "  - split: \($0.split)\n    path: \($0.path)" }.joined(separator: "\n"))
      dataset_info:
        features:
        - name: id
          dtype: string
        - name: repeats
          dtype: int64
        - name: text
          dtype: string
        splits:
      \(files.map { "  - name: \($0.split)\n    num_examples: \($0.documentCount)" }.joined(separator: "\n"))
      ---

      # \(corpus.name)

      \(corpus.recipe.description)

      | split | documents | bytes of text |
      |---|--:|--:|
      \(files.map { "| \($0.split) | \($0.documentCount) | \($0.textByteCount) |" }.joined(separator: "\n"))

      `repeats` says how often a text was said before duplicates were removed. The test split is what Alambic holds out
      from training. Licence: \(license).

      \(datasheet)
      """ + "\n"
  }

  private var datasheet: String {
    let text = (try? AtomicFile.read("\(corpus.path)/DATASHEET.md")).map { String(decoding: $0, as: UTF8.self) } ?? ""
    // Its title stands below this page's.
    return text.hasPrefix("# ") ? "#" + text : text
  }

  private static func sizeCategory(_ count: Int) -> String {
    switch count {
    case ..<1_000: "n<1K"
    case ..<10_000: "1K<n<10K"
    case ..<100_000: "10K<n<100K"
    case ..<1_000_000: "100K<n<1M"
    default: "1M<n<10M"
    }
  }

  // MARK: - croissant.json

  private func croissant(_ files: [File]) -> [String: Any] {
    [
      "@context": Self.context, "@type": "sc:Dataset", "conformsTo": "http://mlcommons.org/croissant/1.0",
      "name": corpus.name, "description": corpus.recipe.description, "license": license,
      "distribution": files.map(fileObject), "recordSet": files.map(recordSet),
    ]
  }

  private func fileObject(_ file: File) -> [String: Any] {
    [
      "@type": "cr:FileObject", "@id": file.path, "name": file.path, "contentUrl": file.path,
      "contentSize": "\(file.byteCount) B", "encodingFormat": "application/jsonlines",
      "sha256": file.id.description.replacing(ContentID.prefix, with: ""),
    ]
  }

  private func recordSet(_ file: File) -> [String: Any] {
    let fields = [("id", "sc:Text"), ("repeats", "sc:Integer"), ("text", "sc:Text")].map { name, type in
      [
        "@type": "cr:Field", "@id": "\(file.split)/\(name)", "name": name, "dataType": type,
        "source": ["fileObject": ["@id": file.path], "extract": ["column": name]],
      ] as [String: Any]
    }
    return ["@type": "cr:RecordSet", "@id": file.split, "name": file.split, "field": fields]
  }

  /// The context that the specification of 1.0 prints, of the terms that are used here.
  private static var context: [String: Any] {
    [
      "@language": "en", "@vocab": "https://schema.org/", "sc": "https://schema.org/",
      "cr": "http://mlcommons.org/croissant/", "dct": "http://purl.org/dc/terms/", "column": "cr:column",
      "conformsTo": "dct:conformsTo", "dataType": ["@id": "cr:dataType", "@type": "@vocab"], "extract": "cr:extract",
      "field": "cr:field", "fileObject": "cr:fileObject", "recordSet": "cr:recordSet", "source": "cr:source",
    ]
  }
}
