import Basics
import Formats
import Foundation
import Lineage

/// A piece of a corpus that an id can name.
enum TracedText {
  case document(Document, corpus: String)
  case rejection(Rejection, id: ContentID, corpus: String)
  case chunk(Chunk, split: Split, corpus: String)

  var id: ContentID {
    switch self {
    case .document(let document, _): document.id
    case .rejection(_, let id, _): id
    case .chunk(let chunk, _, _): chunk.id
    }
  }
}

extension Workbench {
  /// Documents, rejections and chunks of all corpora in the workspace whose id starts so.
  func textsNamed(_ prefix: String) throws -> [TracedText] {
    let corpora = (try? FileManager.default.contentsOfDirectory(atPath: "\(workspace.root)/documents")) ?? []
    return try corpora.sorted().flatMap { corpus in
      try documents(of: corpus, named: prefix) + rejections(of: corpus, named: prefix)
        + chunks(of: corpus, named: prefix)
    }
  }

  private func documents(of corpus: String, named prefix: String) throws -> [TracedText] {
    let path = workspace.documentsFile(corpus)
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    return try RecordFile.read(Document.self, path).filter { $0.id.description.hasPrefix(prefix) }
      .map { .document($0, corpus: corpus) }
  }

  private func rejections(of corpus: String, named prefix: String) throws -> [TracedText] {
    let path = workspace.rejectionsFile(corpus)
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    return try RecordFile.read(Rejection.self, path).compactMap { rejection in
      // A duplicate has the text, and so the id, of the document that was kept: the document answers for it.
      guard rejection.matchedDocumentID == nil else { return nil }
      let id = ContentID(of: rejection.text)
      return id.description.hasPrefix(prefix) ? .rejection(rejection, id: id, corpus: corpus) : nil
    }
  }

  private func chunks(of corpus: String, named prefix: String) throws -> [TracedText] {
    let folder = workspace.shards(corpus)
    guard FileManager.default.fileExists(atPath: "\(folder)/\(ShardIndex.fileName)") else { return [] }
    let reader = try ShardReader(folder: folder)
    var found: [TracedText] = []
    for split in Split.allCases {
      try reader.forEachChunk(in: split) { chunk in
        if chunk.id.description.hasPrefix(prefix) { found.append(.chunk(chunk, split: split, corpus: corpus)) }
      }
    }
    return found
  }
}
