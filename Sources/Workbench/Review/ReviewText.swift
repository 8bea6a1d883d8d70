import Basics
import Lineage

/// A text of a corpus, kept or refused, as a person reviews it.
public struct ReviewText: Hashable, Codable, Sendable {
  /// Why curation refused it.
  public struct Refusal: Hashable, Codable, Sendable {
    public var reason: RejectionReason
    public var detail: String
    /// To the document that stands for it, 0 to 1.
    public var similarity: Double?
  }

  /// The document that a refused text is a copy of, or nearly so.
  public struct Twin: Hashable, Codable, Sendable {
    public var id: ContentID
    public var text: String
    /// From the document to the refused text.
    public var difference: [TextDifference.Piece]
  }

  public var id: ContentID
  public var text: String
  /// Of the answer that held it.
  public var sampleID: ContentID
  /// Nil for a text that is refused.
  public var split: Split?
  /// What the recipe's judge said; nil where there is none.
  public var judgement: String?
  public var repeats: Int
  public var refusal: Refusal?
  /// Of a refused copy.
  public var twinID: ContentID?
  public var twin: Twin?
  /// That stands about this very text, or made it.
  public var decision: Decision?

  init(_ document: Document) {
    (id, text, split, repeats) = (document.id, document.text, document.split, document.repeats)
    (sampleID, judgement) = (document.sampleID, document.judgement)
  }

  init(_ rejection: Rejection) {
    (id, text, repeats) = (ContentID(of: rejection.text), rejection.text, 1)
    sampleID = rejection.sampleID
    refusal = Refusal(reason: rejection.reason, detail: rejection.detail, similarity: rejection.similarity)
    twinID = rejection.matchedDocumentID
  }

  mutating func compare(with twinText: String) {
    guard let twinID else { return }
    twin = Twin(id: twinID, text: twinText, difference: TextDifference.pieces(twinText, text))
  }
}
