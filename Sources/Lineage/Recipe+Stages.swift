import Basics

extension Recipe {
  /// A text to fetch instead of asking a teacher.
  public struct Source: Hashable, Codable, Sendable {
    public var url: String
    /// The hash that the file must have; nil when it is not known yet: then the first fetch is trusted, and its hash
    /// stands in the receipt.
    public var sha256: ContentID?
    /// The text between two documents: `<|endoftext|>`.
    public var separator: String

    public init(url: String, sha256: ContentID?, separator: String) {
      self.url = url
      self.sha256 = sha256
      self.separator = separator
    }
  }

  /// How one answer falls into documents.
  public enum DocumentSeparator: String, Hashable, Codable, Sendable, CaseIterable {
    case blankLine = "blank-line"
    /// The whole answer is one document.
    case wholeAnswer = "whole-answer"
  }

  /// Which characters a student has to learn.
  public enum Characters: String, Hashable, Codable, Sendable, CaseIterable {
    case keep
    /// Typographic quotes and dashes become plain ones.
    case foldPunctuation = "fold-punctuation"
    /// As before, and documents with anything beyond ASCII are rejected.
    case ascii
  }

  public struct Curation: Hashable, Codable, Sendable {
    public var documentSeparator: DocumentSeparator
    public var characters: Characters
    /// Shorter documents are rejected.
    public var minimumByteCount: Int
    /// Longer documents are rejected.
    public var maximumByteCount: Int
    /// The share of documents that training never sees, in 0 ..< 1.
    public var heldOutFraction: Double
    public var truncated: Truncated
    /// Regular expressions, one of which must be found in a document; none for any.
    public var accept: [String] = []
    /// Regular expressions, none of which may be found in a document.
    public var reject: [String] = []
    /// Words and phrases that no document may hold.
    public var blocklist: [String] = []
    public var refuse: [Refused] = []
    /// Documents that are at least so alike, 0.3 to 1, count as one; nil for equal ones alone.
    public var nearDuplicates: Double?
    /// Near duplicates stay, all on one side of the split.
    public var keepsNearDuplicates = false
    /// What documents of one side have in common: `prompt`, `request`, or a name of labels; nil for nothing.
    public var splitBy: String?
    /// Texts that documents must share no words with.
    public var against: [Reference] = []
    /// Scripts that documents are written in; none for any.
    public var scripts: [Script] = []
    /// The largest share of documents that begin alike; nil for any.
    public var openingShare: Double?
    /// No two documents have so many bytes in a row in common; nil for no limit.
    public var sharedPart: Int?

    public init(
      documentSeparator: DocumentSeparator = .blankLine, characters: Characters = .foldPunctuation,
      minimumByteCount: Int = 1, maximumByteCount: Int = 65_536, truncated: Truncated = .refuse,
      heldOutFraction: Double = 0.1
    ) {
      self.documentSeparator = documentSeparator
      self.characters = characters
      self.minimumByteCount = minimumByteCount
      self.maximumByteCount = maximumByteCount
      self.heldOutFraction = heldOutFraction
      self.truncated = truncated
    }
  }

  /// What a document is refused for, where a recipe says so.
  public enum Refused: String, Hashable, Codable, Sendable, CaseIterable {
    case chatter, repetition
    case personalData = "personal-data"
  }

  /// What becomes of a text that the teacher did not end by itself.
  public enum Truncated: String, Hashable, Codable, Sendable, CaseIterable {
    case refuse
    /// It ends behind its last whole sentence.
    case toLastSentence = "to-last-sentence"
    case keep
  }

  public struct Sharding: Hashable, Codable, Sendable {
    public var chunkByteCount: Int
    /// Uncompressed bytes in one independently readable zstd frame: a multiple of the chunk.
    public var frameByteCount: Int
    /// zstd's level, 1 to 19.
    public var compressionLevel: Int

    public init(chunkByteCount: Int = 256, frameByteCount: Int = 65_536, compressionLevel: Int = 10) {
      self.chunkByteCount = chunkByteCount
      self.frameByteCount = frameByteCount
      self.compressionLevel = compressionLevel
    }
  }

  /// What a training sequence is.
  public enum Windows: String, Hashable, Codable, Sendable, CaseIterable {
    /// One document from its beginning.
    case documents
    /// Any part of the corpus's text.
    case anywhere
  }

  /// The tokens that a student reads and writes.
  public enum VocabularyChoice: Hashable, Codable, Sendable {
    case bytes
    /// Learned from the training documents; no token holds a part of one of the marks, but for the mark itself. At most
    /// so many strings, where that is said: each takes flash for its bytes and its row of the table.
    case learned(marks: [String], strings: Int? = nil)

    /// How many strings may be asked for: one of the 256 tokens stays the separator, and one stands for unknown bytes.
    public static let stringLimits = 1...254
  }

  /// A teacher's distribution as a part of what training learns from.
  public struct SoftLabels: Hashable, Codable, Sendable {
    /// `scripted` for the grammar of the recipe's teacher, or the path of a checkpoint, from the project's folder.
    public var from: String
    /// What share of the loss is the divergence from it.
    public var share: Double

    public init(from: String = "scripted", share: Double = 0.5) {
      self.from = from
      self.share = share
    }
  }

  public struct Training: Hashable, Codable, Sendable {
    /// A shape's name: `atome-60k`.
    public var preset: String
    public var steps: Int
    public var batch: Int
    /// The most tokens of a sequence.
    public var window: Int
    public var windows: Windows
    /// What is predicted before a document's reply weighs so much in the loss, beside 1 for the reply.
    public var promptWeight: Double
    /// How often a document may come in an epoch, however often it was said.
    public var repeatLimit: Int
    public static let usualRepeatLimit = 16
    public var vocabulary: VocabularyChoice
    /// How likely a string of the vocabulary is passed over where it fits, each time that training meets a text; nil
    /// for one segmentation of each.
    public var segmentationDropout: Double?
    /// What share of the loss comes from a twin of float weights, which is trained first; nil for none.
    public var twin: Double?
    /// After how many evaluations in a row without a new best the run ends and leaves the best; nil for all steps.
    public var patience: Int?
    /// Nil to learn from the text alone.
    public var softLabels: SoftLabels?
    /// How carelessly a document's request is typed each time that training meets it.
    public var noise: TypingNoise
    /// The optimiser and its schedule: `default`, `published` for the published trainer's, or `adamw` for the default
    /// without Muon.
    public var recipe: String
    public var seed: UInt64

    public init(
      preset: String = "atome-60k", steps: Int = 3000, batch: Int = 16, window: Int = 64,
      windows: Windows = .documents, promptWeight: Double = 0.1, repeatLimit: Int = usualRepeatLimit,
      vocabulary: VocabularyChoice = .learned(marks: []), segmentationDropout: Double? = nil,
      twin: Double? = nil, patience: Int? = nil, softLabels: SoftLabels? = nil,
      noise: TypingNoise = TypingNoise(), recipe: String = "default", seed: UInt64 = 0
    ) {
      self.preset = preset
      self.steps = steps
      self.batch = batch
      self.window = window
      self.windows = windows
      self.promptWeight = promptWeight
      self.repeatLimit = repeatLimit
      self.vocabulary = vocabulary
      self.segmentationDropout = segmentationDropout
      self.twin = twin
      self.patience = patience
      self.softLabels = softLabels
      self.noise = noise
      self.recipe = recipe
      self.seed = seed
    }
  }

  public struct Verification: Hashable, Codable, Sendable {
    public var promptCount: Int
    /// Bytes that each prompt is continued by.
    public var byteCount: Int
    public var core: String

    public init(promptCount: Int = 64, byteCount: Int = 32, core: String = "cortex-m3") {
      self.promptCount = promptCount
      self.byteCount = byteCount
      self.core = core
    }
  }

  public struct Shipping: Hashable, Codable, Sendable {
    /// The licence of the bundle, as an SPDX expression.
    public var license: String
    /// The language of the texts, as ISO 639 has it: `en`; nil where nobody says.
    public var language: String?

    public init(license: String, language: String? = nil) {
      self.license = license
      self.language = language
    }
  }
}
