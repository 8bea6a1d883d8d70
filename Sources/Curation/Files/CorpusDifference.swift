import Basics
import Foundation
import Intake

/// What two versions of a corpus differ in, text by text.
public struct CorpusDifference: Codable, Hashable, Sendable {
  public struct Change: Codable, Hashable, Sendable {
    public var text: String
    /// Of a text that is gone: why it was refused, where the second version's rejections say so.
    public var reason: String?
    public var detail: String?
  }

  public var schema = "alambic.difference/1"
  public var sameCount = 0
  public var added: [Change] = []
  public var removed: [Change] = []
  /// Texts of both that lie on another side of the split now.
  public var moved: [Change] = []
  /// How many texts of both were said more or less often.
  public var repeatsChangedCount = 0

  public var isEmpty: Bool { added.isEmpty && removed.isEmpty && moved.isEmpty && repeatsChangedCount == 0 }

  private struct Row: Decodable {
    var text: String?
    var split: String?
    var repeats: Int?
    var reason: String?
    var detail: String?
  }

  /// - Parameters: documents as `curate` leaves them, of a corpus or of files; rejections that lie beside the second
  ///   ones are read, too.
  /// - Throws: `HintedError` for a file that cannot be read, with the line.
  public init(from first: String, to second: String) throws {
    var before: [String: Row] = [:]
    try Self.forEachRow(of: first) { row in if let text = row.text { before[text] = row } }
    var after = Set<String>()
    try Self.forEachRow(of: second) { row in
      guard let text = row.text, after.insert(text).inserted else { return }
      guard let old = before[text] else { return added.append(Change(text: text)) }
      sameCount += 1
      if old.split != row.split { moved.append(Change(text: text, detail: "\(old.split ?? "") to \(row.split ?? "")")) }
      if (old.repeats ?? 1) != (row.repeats ?? 1) { repeatsChangedCount += 1 }
    }
    var reasons: [String: Row] = [:]
    if let path = Self.rejections(beside: second) {
      try Self.forEachRow(of: path) { row in
        if let text = row.text, before[text] != nil, !after.contains(text) { reasons[text] = row }
      }
    }
    // In the order of the first version.
    try Self.forEachRow(of: first) { row in
      guard let text = row.text, !after.contains(text), before.removeValue(forKey: text) != nil else { return }
      removed.append(Change(text: text, reason: reasons[text]?.reason, detail: reasons[text]?.detail))
    }
  }

  private static func rejections(beside documents: String) -> String? {
    let url = URL(fileURLWithPath: documents)
    let name = url.lastPathComponent.replacing("documents.", with: "rejections.")
    let path = url.deletingLastPathComponent().appendingPathComponent(name).path
    return name != url.lastPathComponent && FileManager.default.fileExists(atPath: path) ? path : nil
  }

  private static func forEachRow(of path: String, _ body: (Row) throws -> Void) throws {
    let file = try InputFile(path, format: .jsonLines, separator: .line, template: try TextTemplate("text"))
    var line = 0
    while let block = try file.next() {
      for bytes in block.bytes.split(separator: 0x0A) {
        line += 1
        try body(try CanonicalJSON.decode(Row.self, from: bytes, named: "\(path):\(line)"))
      }
    }
  }
}
