import Basics
import Lineage
import Similarity

/// Decides on which side of the train / held-out split a document falls, from its wording and a seed alone: documents
/// that are added or removed never move the others, a larger fraction only moves documents out of training, and texts
/// that differ in case, blanks and punctuation alone lie on one side.
public struct DocumentSplitter: Sendable {
  private let heldOutFraction: Double
  private let generator: SeededGenerator

  /// - Parameter heldOutFraction: the expected share of held-out documents, 0 to 1.
  public init(heldOutFraction: Double, seed: UInt64) {
    self.heldOutFraction = heldOutFraction
    generator = SeededGenerator(seed: seed)
  }

  /// The side of a document.
  public func split(of text: String) -> Split { split(of: Self.number(of: text)) }

  /// - Parameter number: 64 bits of a hash of the document's wording, or of its group.
  package func split(of number: UInt64) -> Split {
    var stream = generator.stream(number)
    return stream.unit() < heldOutFraction ? .heldOut : .train
  }

  /// The number that a document's side follows from.
  static func number(of text: String) -> UInt64 { ContentID(of: Wording(of: text).text).firstBits }
}
