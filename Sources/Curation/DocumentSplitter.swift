import Basics
import Lineage

/// Decides on which side of the train / held-out split a document falls, from its content and a seed alone: documents
/// that are added or removed never move the others, and a larger fraction only moves documents out of training.
public struct DocumentSplitter: Sendable {
  private let heldOutFraction: Double
  private let generator: SeededGenerator

  /// - Parameter heldOutFraction: the expected share of held-out documents, 0 to 1.
  public init(heldOutFraction: Double, seed: UInt64) {
    self.heldOutFraction = heldOutFraction
    generator = SeededGenerator(seed: seed)
  }

  /// The side of the document whose text has this id.
  public func split(of id: ContentID) -> Split {
    split(of: id.digest.prefix(8).reduce(UInt64.zero) { $0 << 8 | UInt64($1) })
  }

  /// - Parameter number: 64 bits of a hash of the document's text.
  func split(of number: UInt64) -> Split {
    var stream = generator.stream(number)
    return stream.unit() < heldOutFraction ? .heldOut : .train
  }
}
