import Basics
import Lineage
import Similarity

extension Curation {
  /// Looks for documents that are nearly the same. One stands for each set: the one that was said most often; of those
  /// the longest; of those the one with the least id. It takes on the repeats of the others, which are refused; or all
  /// stay, on the side of the split that is the one's.
  /// - Throws: `HintedError` where the settings cannot be followed.
  public func joiningNearDuplicates(as settings: CurationSettings, threadCount: Int) async throws -> Curation {
    guard let near = settings.nearDuplicates else { return self }
    let sets = try await near.sets(of: documents.map(\.text), threadCount: threadCount)
    let survivors = survivors(of: sets)
    guard !settings.keepsNearDuplicates else {
      let splitter = DocumentSplitter(heldOutFraction: settings.heldOutFraction, seed: settings.seed)
      let moved = documents.indices.map { number in
        var document = documents[number]
        document.split = splitter.split(of: documents[survivors[number]].text)
        return document
      }
      return Curation(documents: moved, rejections: rejections)
    }
    var kept = documents
    var (refused, meter) = (rejections, JaccardMeter())
    for (number, survivor) in survivors.enumerated() where survivor != number {
      kept[survivor].repeats += documents[number].repeats
      refused.append(rejection(of: documents[number], for: documents[survivor], &meter))
    }
    return Curation(documents: kept.indices.filter { survivors[$0] == $0 }.map { kept[$0] }, rejections: refused)
  }

  private func survivors(of sets: DisjointSets) -> [Int] {
    var best: [Int: Int] = [:]
    for (number, document) in documents.enumerated() {
      let root = sets.root(of: number)
      guard let other = best[root].map({ documents[$0] }) else {
        best[root] = number
        continue
      }
      let (a, b) = (document.text.utf8.count, other.text.utf8.count)
      if (document.repeats, a) > (other.repeats, b)
        || (document.repeats, a) == (other.repeats, b) && document.id.description < other.id.description
      {
        best[root] = number
      }
    }
    return documents.indices.map { best[sets.root(of: $0)] ?? $0 }
  }

  private func rejection(of document: Document, for survivor: Document, _ meter: inout JaccardMeter) -> Rejection {
    Rejection(
      sampleID: document.sampleID, indexInSample: document.indexInSample, reason: .nearDuplicate,
      detail: WordDifference.summary(from: Array(survivor.text.utf8), to: Array(document.text.utf8)),
      matchedDocumentID: survivor.id,
      similarity: (meter.similarity(document.text, survivor.text) * 10_000).rounded() / 10_000, text: document.text)
  }
}
