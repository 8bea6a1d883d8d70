import Basics
import Curation
import Formats
import Foundation
import Lineage

extension Workbench {
  /// Writes what anyone can check again of a curated corpus's split, beside its documents.
  /// - Returns: the proof's path.
  /// - Throws: `HintedError` for a corpus that is not curated, and for a split that leaks.
  public func proveSplit(of corpus: String) async throws -> String {
    let folder = try CorpusFolder.open(corpus, in: folders)
    let rejections = try RecordFile.read(Rejection.self, workspace.rejectionsFile(corpus))
    let survivors = Set(rejections.filter { $0.reason == .nearDuplicate }.compactMap(\.matchedDocumentID))
    let path = workspace.documentsFile(corpus)
    let proof = try await SplitProof(
      of: path, curation: folder.curationSettings(), by: folder.recipe.curation.splitBy,
      hasGroups: false, setCount: survivors.count, against: nil,
      threadCount: ProcessInfo.processInfo.activeProcessorCount)
    let output = URL(fileURLWithPath: path).deletingLastPathComponent().appendingPathComponent(SplitProof.fileName).path
    try AtomicFile.write(try CanonicalJSON.pretty(proof), to: output)
    return output
  }
}
