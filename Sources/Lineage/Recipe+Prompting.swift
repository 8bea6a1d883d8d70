extension Recipe {
  /// What the teacher is asked: templates with `{list}` placeholders, filled from word lists.
  public struct Prompting: Hashable, Codable, Sendable {
    /// The system message; none when nil.
    public var system: String?
    public var templates: [PromptTemplate]
    public var lists: [String: WordList]
    /// How many prompts to make; with a target, at most.
    public var count: Int
    /// Ends asking by what curation keeps; nil where all prompts are asked.
    public var target: Target?
    public var sampling: Sampling
    /// The share of prompts that the teacher may refuse for good without the corpus being incomplete.
    public var tolerance: Double
    /// Whether a text is its prompt and the answer: of teachers that continue a text. Nil for the answer alone.
    public var keepPrompt: Bool?
    /// Where answers are JSON; nil for texts.
    public var json: JSONAnswers?

    public static let usualTolerance = 0.01

    public init(
      system: String? = nil, templates: [PromptTemplate], lists: [String: WordList] = [:], count: Int,
      sampling: Sampling = Sampling(), tolerance: Double = usualTolerance, target: Target? = nil,
      keepPrompt: Bool? = nil, json: JSONAnswers? = nil
    ) {
      self.system = system
      self.templates = templates
      self.lists = lists
      self.count = count
      self.sampling = sampling
      self.tolerance = tolerance
      self.keepPrompt = keepPrompt
      self.json = json
      self.target = target
    }

    /// When enough is asked.
    public struct Target: Hashable, Codable, Sendable {
      /// So many that curation keeps.
      public var documents: Int
      /// Or where a smaller share of the last answers' documents is new.
      public var newShare: Double
      /// How many answers are the last ones.
      public var answers: Int

      public static let usualNewShare = 0.1
      public static let usualAnswers = 50

      public init(documents: Int, newShare: Double = usualNewShare, answers: Int = usualAnswers) {
        self.documents = documents
        self.newShare = newShare
        self.answers = answers
      }
    }
  }

  /// What a recipe says of answers in JSON.
  public struct JSONAnswers: Hashable, Codable, Sendable {
    /// The schema's file, relative to the recipe's folder.
    public var schema: String
    public var text: PromptTemplate
    public var items: String?
    public var repairs: Int

    public init(schema: String, text: PromptTemplate, items: String?, repairs: Int) {
      self.schema = schema
      self.text = text
      self.items = items
      self.repairs = repairs
    }
  }

  /// Where the words of a list stand.
  public enum WordList: Hashable, Codable, Sendable {
    case inline([String])
    /// A file relative to the recipe's folder, a word or phrase a line.
    case file(String)
    /// A file of one's own, cut into pieces.
    case passages(Passages)
    /// A file of one's own, several pieces of which stand in a prompt.
    case examples(Examples)
    /// Words, some of which come more often than others.
    case weighted([WeightedWord])
    /// Words that depend on which word another list gives.
    indirect case dependent(on: String, words: [String: WordList], otherwise: WordList?)
  }

  /// A word, and how often each of its combinations comes beside those of its list's other words.
  public struct WeightedWord: Hashable, Codable, Sendable {
    public var word: String
    /// In thousandths.
    public var weight: Int

    public init(_ word: String, weight: Int = PromptWord.usualWeight) {
      self.word = word
      self.weight = weight
    }
  }

  /// Pieces of a text that prompts are grounded in.
  public struct Passages: Hashable, Codable, Sendable {
    /// Relative to the recipe's folder.
    public var file: String
    /// Which member or column holds the text, where the file has such.
    public var field: String?
    /// The longest passage.
    public var byteCount: Int

    public static let usualByteCount = 400

    public init(file: String, field: String? = nil, byteCount: Int = usualByteCount) {
      self.file = file
      self.field = field
      self.byteCount = byteCount
    }
  }

  /// Few-shot examples.
  public struct Examples: Hashable, Codable, Sendable {
    /// Relative to the recipe's folder.
    public var file: String
    public var field: String?
    /// How many a prompt shows.
    public var shownCount: Int

    public static let usualShownCount = 3

    public init(file: String, field: String? = nil, shownCount: Int = usualShownCount) {
      self.file = file
      self.field = field
      self.shownCount = shownCount
    }
  }

  /// What a recipe says about sampling; what it leaves out comes from the teacher's profile.
  public struct Sampling: Hashable, Codable, Sendable {
    public var temperature: Double?
    public var topP: Double?
    public var maxTokens: Int?
    public var stop: [String]?
    /// How many answers one request brings.
    public var n: Int?

    public init(
      temperature: Double? = nil, topP: Double? = nil, maxTokens: Int? = nil, stop: [String]? = nil, n: Int? = nil
    ) {
      self.temperature = temperature
      self.topP = topP
      self.maxTokens = maxTokens
      self.stop = stop
      self.n = n
    }

    /// The settings over a teacher's defaults.
    public func settings(over defaults: SamplingSettings) -> SamplingSettings {
      SamplingSettings(
        temperature: temperature ?? defaults.temperature, topP: topP ?? defaults.topP,
        maxTokens: maxTokens ?? defaults.maxTokens, seed: defaults.seed, stop: stop ?? defaults.stop,
        n: n)
    }
  }
}
