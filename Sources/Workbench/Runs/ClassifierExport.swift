import Basics
import Export
import Formats
import Lineage
import Networks

/// Between ATOMECL01, the published classifiers' format, and language models.
public struct ClassifierExport: Sendable {
  public var source: String
  public var shape: AtomeShape?

  public init(source: String, shape: AtomeShape? = nil) { (self.source, self.shape) = (source, shape) }

  /// Whether the source is a published classifier.
  public var readsClassifier: Bool { (try? AtomicFile.read(source)).map { AtomeClassifier.claims($0) } ?? false }

  /// A published classifier as an image whose first logits are its classes' scores.
  /// - Throws: `HintedError` for a damaged file, or one of another shape.
  public func image(packing: AtomePacking) throws -> [UInt8] {
    let bytes = try AtomicFile.read(source)
    let classifier = try AtomeClassifier(reading: bytes, name: source, shape: shape)
    return AtomeImageFile.write(classifier.asLanguageModel, packing: packing, provenance: ContentID(of: bytes))
  }

  /// A student that answers with a label as a published classifier.
  /// - Throws: `HintedError` for a student that the format cannot hold, and for labels that begin alike.
  public func classifier(labels: [String]) throws -> [UInt8] {
    let file = try ModelFile(reading: source, shape: shape)
    let contents: AtomeImageContents
    switch file.content {
    case .checkpoint(let checkpoint):
      let image = try AtomePacker().pack(try checkpoint.exportable(name: source), checkpointID: file.id)
      contents = try AtomeImageFile.read(image, name: source)
    case .image(.float(let image)): contents = image
    case .image(.integer), .image(.compact), .llama:
      throw HintedError(
        "\(source) cannot become an ATOMECL01 classifier",
        hint: "give a checkpoint or a float image of an atome student",
        status: .usage)
    }
    guard contents.vocabulary.isIdentity else {
      throw HintedError(
        "\(source) has a learned vocabulary, which ATOMECL01 does not hold", hint: "train without --vocabulary learned",
        status: .usage)
    }
    return try AtomeClassifier(contents.model, answering: labels).bytes
  }
}
