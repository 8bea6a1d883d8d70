import Basics
import Lineage
import Similarity

extension Curation {
  /// Puts documents of one group on one side of the split; near duplicates that stay, too.
  /// - Parameter group: what a document has in common with others of its group; nil for one that is alone.
  /// - Throws: `HintedError` where near duplicates cannot be looked for.
  public func splitting(
    as settings: CurationSettings, threadCount: Int, by group: (Document) -> String?
  ) async throws -> Curation {
    // A document that is alone keeps the side that it had without groups.
    let pool = ScratchPool.unbounded()
    let (groups, survivors) = (ScratchArray<UInt64>(pool), ScratchArray<UInt32>(pool))
    for document in documents {
      try groups.append(
        group(document).map { ContentID(of: "group\n\($0)").firstBits } ?? DocumentSplitter.number(of: document.text))
    }
    if settings.keepsNearDuplicates, let near = settings.nearDuplicates {
      let sets = try await near.sets(of: documents.map(\.text), threadCount: threadCount)
      for number in documents.indices { try survivors.append(UInt32(sets.root(of: number))) }
    }
    let splitter = DocumentSplitter(heldOutFraction: settings.heldOutFraction, seed: settings.seed)
    let keys = try SplitUnits.keys(groups: groups, survivors: survivors, pool)
    let moved = documents.indices.map { number in
      var document = documents[number]
      document.split = splitter.split(of: keys[number])
      return document
    }
    return Curation(documents: moved, rejections: rejections)
  }
}
