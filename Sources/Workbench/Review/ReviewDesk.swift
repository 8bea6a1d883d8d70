import Basics
import Curation
import Formats
import Foundation
import Ledger
import Lineage

/// A corpus on the desk of a person who reviews it: texts to look at, and what is decided about them. Decisions go to
/// the ledger at once; documents follow when the corpus is curated again.
public struct ReviewDesk: Sendable {
  public let corpus: String
  private let characters: CharacterPolicy
  private let workspace: Workspace
  private let ledger: Ledger

  init(_ corpus: CorpusFolder, _ workspace: Workspace, _ ledger: Ledger) {
    self.corpus = corpus.name
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

  /// - Throws: `HintedError` for a corpus that was not curated so far, and a pattern that is none.
  public func page(_ query: ReviewQuery) throws -> Page {
    guard isCurated else {
      throw HintedError(
        "\(corpus) has no documents so far", hint: "run `alambic make \(corpus) --until curate`", status: .usage)
    }
    let filter = try ReviewFilter(query)
    let decisions = try decisionsByText()
    var first = FirstTexts(query.offset + query.limit)
    func offer(_ text: ReviewText) {
      var text = text
      text.decision = decisions[text.id]
      if filter.takes(text) { first.offer(text, at: filter.place(of: text.id)) }
    }
    if filter.mayTakeDocuments { try forEachDocument { offer(ReviewText($0)) } }
    if filter.mayTakeRejections {
      let reader = try RecordReader<Rejection>(workspace.rejectionsFile(corpus))
      while let rejection = try reader.next() { offer(ReviewText(rejection)) }
    }
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
    ReviewDesk(try CorpusFolder.open(corpus, in: folders), workspace, ledger)
  }
}
