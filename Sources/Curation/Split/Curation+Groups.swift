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
    // A group's id is no document's: one that is alone keeps the side that it had without groups.
    let groups = documents.map { document in group(document).map { ContentID(of: "group\n\($0)") } ?? document.id }
    var survivors: [Int] = []
    if settings.keepsNearDuplicates, let near = settings.nearDuplicates {
      let sets = try await near.sets(of: documents.map(\.text), threadCount: threadCount)
      survivors = documents.indices.map { sets.root(of: $0) }
    }
    let splitter = DocumentSplitter(heldOutFraction: settings.heldOutFraction, seed: settings.seed)
    let sides = try SplitUnits.keys(groups: groups, survivors: survivors).map { splitter.split(of: $0) }
    let moved = zip(documents, sides).map { document, side in
      var document = document
      document.split = side
      return document
    }
    return Curation(documents: moved, rejections: rejections)
  }
}
