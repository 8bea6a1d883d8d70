import Basics
import Lineage

/// What people decided about a corpus's texts: curation's last filter.
public struct Decisions: Sendable {
  private let standing: [ContentID: Decision]
  private let normalizer: TextNormalizer

  /// - Parameter decisions: those that stand, at most one a text.
  public init(_ decisions: [Decision] = [], characters: CharacterPolicy = .keep) {
    standing = Dictionary(decisions.map { ($0.textID, $0) }) { $0.number > $1.number ? $0 : $1 }
    normalizer = TextNormalizer(policy: characters)
  }

  public var isEmpty: Bool { standing.isEmpty }

  /// What a receipt holds of them: nothing where there are none, so that what was made before stays up to date.
  public var receiptSettings: [String: String] {
    get throws {
      guard !isEmpty else { return [:] }
      let rows = standing.values.sorted { $0.textID < $1.textID }.map {
        [$0.textID.description, $0.ruling.rawValue, $0.reason, $0.newText ?? ""]
      }
      return ["decisions": try ContentID(ofCanonical: rows).description]
    }
  }

  /// The same texts as a person wants them. What comes back stands behind the others.
  public func applied(to curation: Curation, splitter: DocumentSplitter) -> Curation {
    guard !isEmpty else { return curation }
    var settled = Settled()
    for document in curation.documents { settled.add(document, outcome(of: document.text)) }
    for rejection in curation.rejections {
      settled.add(rejection, isDecided(rejection) ? outcome(of: rejection.text) : .untouched, splitter)
    }
    return Curation(documents: settled.documents, rejections: settled.rejections)
  }

  /// A duplicate is another document's text, which the decision is about.
  private func isDecided(_ rejection: Rejection) -> Bool { ![.duplicate, .empty].contains(rejection.reason) }

  enum Outcome {
    case untouched
    case kept(String)
    case rejected(String, reason: String)
  }

  /// What becomes of a text. An edited one is followed to what was decided about it later.
  private func outcome(of text: String) -> Outcome {
    var (outcome, text, number) = (Outcome.untouched, text, -1)
    while let decision = standing[ContentID(of: text)], decision.number > number {
      number = decision.number
      switch decision.ruling {
      case .accept: return .kept(text)
      case .reject: return .rejected(text, reason: decision.reason)
      case .edit:
        let edited = normalizer.normalized(decision.newText ?? "")
        guard !edited.isEmpty else { return outcome }
        text = edited
        outcome = .kept(text)
      }
    }
    return outcome
  }
}

/// Texts after the decisions: of equal ones the first stays.
private struct Settled {
  private(set) var documents: [Document] = []
  private(set) var rejections: [Rejection] = []
  private var positions: [ContentID: Int] = [:]
  /// Where documents lay before anything was decided.
  private var sides: [ContentID: Split] = [:]

  mutating func add(_ document: Document, _ outcome: Decisions.Outcome) {
    sides[document.id] = document.split
    switch outcome {
    case .untouched: keep(document)
    case .kept(let text):
      keep(
        Document(
          sampleID: document.sampleID, indexInSample: document.indexInSample, split: document.split,
          repeats: document.repeats, text: text))
    case .rejected(let text, let reason):
      rejections.append(
        Rejection(
          sampleID: document.sampleID, indexInSample: document.indexInSample, reason: .reviewed, detail: reason,
          text: text))
    }
  }

  mutating func add(_ rejection: Rejection, _ outcome: Decisions.Outcome, _ splitter: DocumentSplitter) {
    guard case .kept(let text) = outcome, !text.utf8.contains(Document.separatorByte) else {
      return rejections.append(rejection)
    }
    // What resembles a document must not come to the other side of the split, whatever was decided about that.
    let twin = rejection.matchedDocumentID.flatMap { sides[$0] }
    keep(
      Document(
        sampleID: rejection.sampleID, indexInSample: rejection.indexInSample,
        split: twin ?? splitter.split(of: text), text: text))
  }

  private mutating func keep(_ document: Document) {
    guard let position = positions[document.id] else {
      positions[document.id] = documents.count
      return documents.append(document)
    }
    documents[position].repeats += document.repeats
    rejections.append(
      Rejection(
        sampleID: document.sampleID, indexInSample: document.indexInSample, reason: .duplicate,
        detail: "the same text as \(document.id), since a person decided so", matchedDocumentID: document.id,
        text: document.text))
  }
}
