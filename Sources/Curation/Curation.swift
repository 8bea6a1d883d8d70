import Basics
import Lineage

/// What curation says about one text.
public enum Verdict: Hashable, Sendable {
  case accepted(Document)
  case rejected(Rejection)
}

/// What curation made of a set of samples.
public struct Curation: Hashable, Sendable {
  /// In the order of the samples, and within one in the order of the text.
  public private(set) var documents: [Document] = []
  public private(set) var rejections: [Rejection] = []
  /// How many texts each reason refused; reasons that refused none are absent.
  public private(set) var rejectionCounts: [RejectionReason: Int] = [:]
  /// Where each document stands.
  private var positions: [ContentID: Int] = [:]

  public init() {}

  /// Of what another step decided, in the same order.
  init(documents: [Document], rejections: [Rejection]) {
    self.documents = documents
    self.rejections = rejections
    for rejection in rejections { rejectionCounts[rejection.reason, default: 0] += 1 }
    positions = Dictionary(
      documents.enumerated().map { ($0.element.id, $0.offset) }, uniquingKeysWith: { first, _ in first })
  }

  /// Counts and keeps one verdict. A duplicate is refused, and its document remembers that it was said once more:
  /// training draws by that, since few texts answer a closed question and many an open one.
  public mutating func record(_ verdict: Verdict) {
    switch verdict {
    case .accepted(let document):
      positions[document.id] = documents.count
      documents.append(document)
    case .rejected(let rejection):
      rejections.append(rejection)
      if let id = rejection.matchedDocumentID, let position = positions[id] { documents[position].repeats += 1 }
      rejectionCounts[rejection.reason, default: 0] += 1
    }
  }

  /// Counts and keeps what was refused before curation looked at it.
  public mutating func record(_ rejections: [Rejection]) {
    for rejection in rejections { record(.rejected(rejection)) }
  }

  /// How many documents lie on one side of the split.
  public func documentCount(in split: Split) -> Int {
    documents.count { $0.split == split }
  }
}
