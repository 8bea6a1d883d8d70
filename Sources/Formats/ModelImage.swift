import Basics
import Lineage
import Networks

/// A model as an image file holds it, for whichever engine.
public enum ModelImage: Sendable {
  case float(AtomeImageContents)
  case integer(IntegerImageContents)

  /// Reads an image of any format.
  /// - Parameters:
  ///   - name: for messages: the file's path.
  ///   - shape: of a float blob that does not say its own.
  /// - Throws: `HintedError` that says what is wrong, where, and what to do.
  public init(reading file: [UInt8], name: String, shape: AtomeShape? = nil) throws {
    guard IntegerImageFile.claims(file) else {
      self = .float(try AtomeImageFile.read(file, name: name, shape: shape))
      return
    }
    let contents = try IntegerImageFile.read(file, name: name)
    if let shape, shape != contents.model.shape {
      throw HintedError(
        "\(name) has the shape \(contents.model.shape), not \(shape)",
        hint: "leave the shape out; the file says its own",
        status: .usage)
    }
    self = .integer(contents)
  }

  /// Whether it is for the all-integer engine.
  public var isInteger: Bool {
    if case .integer = self { true } else { false }
  }

  public var shape: AtomeShape {
    switch self {
    case .float(let contents): contents.model.shape
    case .integer(let contents): contents.model.shape
    }
  }

  public var vocabulary: Vocabulary {
    switch self {
    case .float(let contents): contents.vocabulary
    case .integer(let contents): contents.vocabulary
    }
  }

  /// The positions that the student was trained with; nil where the file does not say.
  public var trainedContext: Int? {
    switch self {
    case .float(let contents): contents.trainedContext
    case .integer(let contents): contents.trainedContext
    }
  }

  /// The id of what the image was made from.
  public var provenance: ContentID? {
    switch self {
    case .float(let contents): contents.trailer?.provenance
    case .integer(let contents): contents.provenance
    }
  }
}
