import Basics
import Foundation
import Lineage

/// Gets the documents out of a shard set that is damaged: all of them but those that had bytes in a frame that is lost.
/// It needs neither the index nor the document tables, though the latter say what is lost.
public struct ShardSalvage {
  public struct SavedDocument: Hashable, Sendable {
    public var text: [UInt8]
    public var split: Split
    public var repeats: Int
  }

  public struct Report: Hashable, Sendable {
    public var savedCount = 0
    /// Frames, or files, that cannot be read.
    public var gapCount = 0
    /// Positions in their split, from 0, of documents that are lost; empty, too, where a table cannot be read.
    public var lost: [Split: [Int]] = [:]
    public var unreadableTables: [String] = []
  }

  private let folder: String

  public init(folder: String) { self.folder = folder }

  /// Hands out what is left, in its order.
  /// - Throws: `HintedError` for a folder without shards.
  public func run(_ body: (SavedDocument) throws -> Void) throws -> Report {
    var report = Report()
    for split in Split.allCases {
      let files = try shardFiles(of: split)
      guard !files.isEmpty else { continue }
      try salvage(split, files, &report, body)
    }
    return report
  }

  /// By number; nil for one that is missing.
  private func shardFiles(of split: Split) throws -> [String?] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    var found: [Int: String] = [:]
    var count = 0
    for name in names where name.hasPrefix("\(split.rawValue)-") && name.hasSuffix(".zst") {
      let parts = name.dropFirst(split.rawValue.count + 1).dropLast(4).split(separator: "-")
      guard parts.count == 3, let number = Int(parts[0]), let total = Int(parts[2]), number < total else { continue }
      found[number] = name
      count = max(count, total)
    }
    return (0..<count).map { found[$0] }
  }

  private func salvage(
    _ split: Split, _ files: [String?], _ report: inout Report, _ body: (SavedDocument) throws -> Void
  ) throws {
    let table = known(split, &report)
    var saved = Set<ContentID>()
    var stream = DocumentStream()
    func deliver(_ piece: DocumentStream.Piece) throws {
      let id = ContentID(of: piece.bytes)
      // What follows a gap may be the end of a document; the table knows whole ones.
      guard table.map({ $0[id] != nil }) ?? piece.isWhole else { return }
      saved.insert(id)
      report.savedCount += 1
      try body(SavedDocument(text: piece.bytes, split: split, repeats: table?[id]?.repeats ?? 1))
    }
    for file in files {
      guard let file else {
        report.gapCount += 1
        stream.gap()
        continue
      }
      try FrameSalvage("\(folder)/\(file)").forEachFrame { content in
        guard let content else {
          report.gapCount += 1
          return stream.gap()
        }
        for piece in stream.pieces(of: content) { try deliver(piece) }
      }
    }
    if let table { report.lost[split] = table.filter { !saved.contains($0.key) }.map(\.value.position).sorted() }
  }

  /// What the table says, if it can be believed.
  private func known(_ split: Split, _ report: inout Report) -> [ContentID: (position: Int, repeats: Int)]? {
    let path = "\(folder)/\(ShardName.documentTable(split))"
    do {
      let index = try? ShardIndex(readFrom: "\(folder)/\(ShardIndex.fileName)")
      if let index, try ContentID(ofFile: path) != index[split].documentTable.id {
        throw HintedError("\(path): the SHA-256 is not the index's")
      }
      let reader = try DocumentTableReader(path)
      var table: [ContentID: (position: Int, repeats: Int)] = [:]
      for position in 0..<reader.documentCount {
        let span = try reader.document(at: position)
        table[span.id] = (position, span.repeats)
      }
      return table
    } catch {
      report.unreadableTables.append(path)
      return nil
    }
  }
}

/// Cuts a stream with gaps at its separators.
private struct DocumentStream {
  struct Piece {
    var bytes: [UInt8]
    /// Whether its first byte is known to begin a document.
    var isWhole: Bool
  }

  private var pending: [UInt8] = []
  private var isWhole = true

  mutating func gap() {
    pending = []
    isWhole = false
  }

  mutating func pieces(of content: [UInt8]) -> [Piece] {
    var pieces: [Piece] = []
    for part in content.split(separator: Document.separatorByte, omittingEmptySubsequences: false).enumerated() {
      if part.offset > 0 {
        if !pending.isEmpty { pieces.append(Piece(bytes: pending, isWhole: isWhole)) }
        (pending, isWhole) = ([], true)
      }
      pending += part.element
    }
    return pieces
  }
}
