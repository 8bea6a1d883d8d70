import Basics
import Similarity

/// Where one document of an answer ends and the next begins.
public enum DocumentBoundary: Hashable, Sendable {
  /// A line that holds nothing but white space.
  case blankLine
  /// Nowhere: the answer is one document.
  case wholeAnswer
  /// A literal text that stands between documents and belongs to neither, such as `<|endoftext|>`.
  case separator(String)
}

/// Which characters a byte student has to learn.
public enum CharacterPolicy: String, Hashable, Sendable, CaseIterable {
  /// Everything that is text stays as it is.
  case keep
  /// Typographic punctuation and odd spaces become their ASCII cousins, invisible characters go; letters stay.
  case foldPunctuation = "fold-punctuation"
  /// As `foldPunctuation`, and a document that still holds a character beyond ASCII is rejected.
  case ascii
}

/// What becomes of a text that the teacher did not end by itself.
public enum TruncationPolicy: String, Hashable, Sendable, CaseIterable {
  /// It is rejected.
  case refuse
  /// It ends behind its last whole sentence, and is rejected where it has none.
  case toLastSentence = "to-last-sentence"
  /// It stays as it is: for students of running text, which begins and ends anywhere.
  case keep
}

/// All that curation is told; with the samples, it decides the documents.
public struct CurationSettings: Hashable, Sendable {
  public var boundary: DocumentBoundary
  public var characters: CharacterPolicy
  /// Which lengths, in UTF-8 bytes after normalisation, a document may have; both ends included.
  public var byteCounts: ClosedRange<Int>
  public var truncated: TruncationPolicy
  /// The share of documents, 0 to 1, that are kept from training.
  public var heldOutFraction: Double
  /// Decides, with a document's content, on which side of the split it falls.
  public var seed: UInt64
  public var filters = TextFilters()
  /// Texts that no document may share words with.
  public var contamination: ContaminationIndex?
  /// Nil for exact duplicates alone.
  public var nearDuplicates: NearDuplicateSettings?
  /// The largest share of texts that begin with the same three words; nil for any.
  public var openingShare: Double?
  /// No two texts have so many bytes in a row in common; nil for no limit.
  public var sharedPart: Int?
  /// Near duplicates stay, all of a set on one side of the split.
  public var keepsNearDuplicates = false

  public init(
    boundary: DocumentBoundary = .blankLine, characters: CharacterPolicy = .foldPunctuation,
    byteCounts: ClosedRange<Int> = 1...65_536, truncated: TruncationPolicy = .refuse, heldOutFraction: Double = 0.1,
    seed: UInt64 = 0
  ) {
    self.boundary = boundary
    self.characters = characters
    self.byteCounts = byteCounts
    self.truncated = truncated
    self.heldOutFraction = heldOutFraction
    self.seed = seed
  }

  /// - Throws: `HintedError` for a setting that cannot be followed.
  func check() throws {
    if boundary == .separator("") {
      throw HintedError(
        "the separator between documents is empty",
        hint: "name a text such as <|endoftext|>, or take the whole answer as one document", status: .usage)
    }
    guard byteCounts.lowerBound >= 1 else {
      throw HintedError(
        "the least document length is \(byteCounts.lowerBound) bytes, but a document has at least 1", status: .usage)
    }
    guard (0...1).contains(heldOutFraction) else {
      throw HintedError("the held-out fraction is \(heldOutFraction), but it lies between 0 and 1", status: .usage)
    }
    if let openingShare, !OpeningCap.shares.contains(openingShare) {
      throw HintedError(
        "the largest share of an opening is \(openingShare), but it lies above 0 and up to 1", status: .usage)
    }
    if let sharedPart, !SharedParts.lengths.contains(sharedPart) {
      throw HintedError(
        "parts of \(sharedPart) bytes are looked for, but they have \(SharedParts.lengths.lowerBound) to "
          + "\(SharedParts.lengths.upperBound)", status: .usage)
    }
    _ = try CompiledFilters(filters)
  }
}
