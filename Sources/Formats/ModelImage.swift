import Basics
import Lineage
import Networks

/// A model as an image file holds it, for whichever engine.
public enum ModelImage: Sendable {
  case float(AtomeImageContents)
  case integer(IntegerImageContents)
  case compact(CompactImageContents)

  /// Reads an image of any format.
  /// - Parameters:
  ///   - file: its bytes.
  ///   - name: for messages: the file's path.
  ///   - shape: of a float blob that does not say its own.
  /// - Throws: `HintedError` that says what is wrong, where, and what to do.
  public init(reading file: [UInt8], name: String, shape: AtomeShape? = nil) throws {
    if CompactImageFile.claims(file) {
      self = .compact(try CompactImageFile.read(file, name: name))
    } else if IntegerImageFile.claims(file) {
      self = .integer(try IntegerImageFile.read(file, name: name))
    } else {
      self = .float(try AtomeImageFile.read(file, name: name, shape: shape))
      return
    }
    guard let shape, self.shape != .atome(shape) else { return }
    throw HintedError(
      "\(name) has the shape \(self.shape), not \(shape)", hint: "leave the shape out; the file says its own",
      status: .usage)
  }

  /// Whether its engine computes in integers alone.
  public var isInteger: Bool {
    if case .float = self { false } else { true }
  }

  public var shape: ImageShape {
    switch self {
    case .float(let contents): .atome(contents.model.shape)
    case .integer(let contents): .atome(contents.model.shape)
    case .compact(let contents): .compact(contents.model.shape)
    }
  }

  public var vocabulary: Vocabulary {
    switch self {
    case .float(let contents): contents.vocabulary
    case .integer(let contents): contents.vocabulary
    case .compact(let contents): contents.vocabulary
    }
  }

  /// The positions that the student was trained with; nil where the file does not say.
  public var trainedContext: Int? {
    switch self {
    case .float(let contents): contents.trainedContext
    case .integer(let contents): contents.trainedContext
    case .compact(let contents): contents.trainedContext
    }
  }

  /// A classifier's labels; nil for a student that speaks.
  public var head: LabelHead? {
    if case .compact(let contents) = self { contents.head } else { nil }
  }

  /// The id of what the image was made from.
  public var provenance: ContentID? {
    switch self {
    case .float(let contents): contents.trailer?.provenance
    case .integer(let contents): contents.provenance
    case .compact(let contents): contents.provenance
    }
  }
}
