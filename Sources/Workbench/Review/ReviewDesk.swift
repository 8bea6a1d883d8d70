import Basics
import Curation
import Formats
import Foundation
import Ledger
import Lineage
import Similarity

/// A corpus on the desk of a person who reviews it: texts to look at, and what is decided about them. Decisions go to
/// the ledger at once; documents follow when the corpus is curated again.
public struct ReviewDesk: Sendable {
  public let corpus: String
  private let characters: CharacterPolicy
  private let workspace: Workspace
  private let ledger: Ledger
  private let folder: CorpusFolder
  private let workbench: Workbench

  init(_ corpus: CorpusFolder, _ workbench: Workbench) {
    self.corpus = corpus.name
    folder = corpus
    self.workbench = workbench
    let (workspace, ledger) = (workbench.workspace, workbench.ledger)
    characters = CharacterPolicy(corpus.recipe.curation.characters)
    self.workspace = workspace
    self.ledger = ledger
  }

  /// Some of the texts that a query takes.
  public struct Page: Sendable {
    public var texts: [ReviewText]
    /// How many texts the query takes in all.
    public var count: Int
  }

  /// Whether there is anything to review.
  public var isCurated: Bool { FileManager.default.fileExists(atPath: workspace.documentsFile(corpus)) }

  /// - Throws: `HintedError` for a corpus that was not curated so far, a pattern that is none, and a label that no
  ///   prompt has.
  public func page(_ query: ReviewQuery) async throws -> Page {
    guard isCurated else {
      throw HintedError(
        "\(corpus) has no documents so far", hint: "run `alambic make \(corpus) --until curate`", status: .usage)
    }
    let filter = try ReviewFilter(query)
    let decisions = try decisionsByText()
    let samples = try await samples(with: query.label)
    let clusters = try await query.order == .clusters ? clusters() : ReviewClusters()
    var first = FirstTexts(query.offset + query.limit)
    func offer(_ text: ReviewText) {
      var text = text
      text.decision = decisions[text.id]
      guard samples?.contains(text.sampleID) ?? true, filter.takes(text) else { return }
      first.offer(text, at: filter.place(of: text, clusters))
    }
    if filter.mayTakeDocuments { try forEachDocument { offer(ReviewText($0)) } }
    if filter.mayTakeRejections { try forEachRejection { offer(ReviewText($0)) } }
    let texts = Array(first.texts().dropFirst(query.offset))
    return Page(texts: try compared(texts), count: first.seenCount)
  }

  /// What stands about each text; a text that an edit made has that, until something is decided about itself.
  private func decisionsByText() throws -> [ContentID: Decision] {
    let standing = try ledger.standingDecisions(of: corpus)
    let edits = standing.compactMap { edit in edit.newText.map { (ContentID(of: $0), edit) } }
    return Dictionary(edits + standing.map { ($0.textID, $0) }) { $1 }
  }

  /// The texts, copies with what they are copies of.
  private func compared(_ texts: [ReviewText]) throws -> [ReviewText] {
    let wanted = Set(texts.compactMap(\.twinID))
    if wanted.isEmpty { return texts }
    var twins: [ContentID: String] = [:]
    try forEachDocument { if wanted.contains($0.id) { twins[$0.id] = $0.text } }
    return texts.map { text in
      var text = text
      if let twin = text.twinID.flatMap({ twins[$0] }) { text.compare(with: twin) }
      return text
    }
  }

  /// The answers whose prompts had a word; nil for all.
  private func samples(with label: ReviewQuery.Label?) async throws -> Set<ContentID>? {
    guard let label else { return nil }
    guard choices().contains(where: { $0.list == label.list && $0.words.contains(label.word) }) else {
      throw HintedError(
        "no prompt of \(corpus) has the word '\(label.word)' of a list '\(label.list)'",
        hint: "lists: \(choices().map(\.list).joined(separator: ", "))", status: .usage)
    }
    var samples: Set<ContentID> = []
    try forEachDocument { samples.insert($0.sampleID) }
    try forEachRejection { samples.insert($0.sampleID) }
    let labels = try await workbench.labels(of: folder, samples: samples)
    return samples.filter { labels[$0]?[label.list] == label.word }
  }

  /// Lists whose words label texts, with these words.
  public func choices() -> [(list: String, words: [String])] {
    folder.lists.sorted { $0.key < $1.key }.map { name, list in
      var seen: Set<String> = []
      let all = (list.words + list.wordsByParent.sorted { $0.key < $1.key }.flatMap(\.value)).map(\.label)
      return (name, all.filter { seen.insert($0).inserted })
    }
  }

  /// Whether documents have scores.
  public var hasScores: Bool { folder.recipe.judge != nil }

  private func clusters() async throws -> ReviewClusters {
    var clusters = ReviewClusters()
    var documents: [Document] = []
    try forEachDocument { documents.append($0) }
    try forEachRejection { clusters.add(copy: ContentID(of: $0.text), of: $0.matchedDocumentID) }
    let near = folder.recipe.curation.nearDuplicates.flatMap { try? NearDuplicateSettings(threshold: $0) }
    // Where near duplicates are removed, none are left among the documents.
    guard let near, folder.recipe.curation.keepsNearDuplicates else { return clusters }
    let sets = try await near.sets(
      of: documents.map(\.text), threadCount: ProcessInfo.processInfo.activeProcessorCount)
    for (number, document) in documents.enumerated() where sets.root(of: number) != number {
      clusters.add(copy: document.id, of: documents[sets.root(of: number)].id)
    }
    return clusters
  }

  private func forEachRejection(_ body: (Rejection) throws -> Void) throws {
    let reader = try RecordReader<Rejection>(workspace.rejectionsFile(corpus))
    while let rejection = try reader.next() { try body(rejection) }
  }

  private func forEachDocument(_ body: (Document) throws -> Void) throws {
    let reader = try RecordReader<Document>(workspace.documentsFile(corpus))
    while let document = try reader.next() { try body(document) }
  }
}

// MARK: - Deciding

extension ReviewDesk {
  /// - Parameters:
  ///   - reason: the person's words.
  ///   - newText: of an edit.
  /// - Throws: `HintedError` for an edit that changes nothing, or what breaks a limit.
  @discardableResult
  public func decide(
    _ ruling: Decision.Ruling, on id: ContentID, reason: String = "", newText: String? = nil
  ) async throws -> Decision {
    let text = newText.map { TextNormalizer(policy: characters).normalized($0) }
    if let text, ContentID(of: text) == id {
      throw HintedError("the text is as it was", hint: "change it, or accept it", status: .usage)
    }
    return try await ledger.record(
      decision: Decision(corpus: corpus, textID: id, ruling: ruling, reason: reason, newText: text))
  }

  /// Undoes the newest decision that stands; nil where there is none.
  @discardableResult
  public func undo() async throws -> Decision? { try await ledger.undoDecision(of: corpus) }

  /// What stands about a text, or made it.
  public func standingDecision(about id: ContentID) throws -> Decision? { try decisionsByText()[id] }

  /// Every decision that was ever made, oldest first.
  public func history() async throws -> [Decision] { try await ledger.decisions(of: corpus) }

  /// How many decisions stand, and whether the documents are not yet as they say.
  public func standing() async throws -> (count: Int, isWaiting: Bool) {
    let standing = try ledger.standingDecisions(of: corpus)
    let wanted = try Decisions(standing, characters: characters).receiptSettings["decisions"]
    let receipt = try await ledger.newestReceipt(stage: .curate, corpus: corpus)
    return (standing.count, receipt?.settings["decisions"] != wanted)
  }
}

extension Workbench {
  /// - Throws: `HintedError` for a corpus that there is not.
  public func review(_ corpus: String) throws -> ReviewDesk {
    ReviewDesk(try CorpusFolder.open(corpus, in: folders), self)
  }
}
