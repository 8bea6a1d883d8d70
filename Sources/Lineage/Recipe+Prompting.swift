extension Recipe {
  /// What the teacher is asked: templates with `{list}` placeholders, filled from word lists.
  public struct Prompting: Hashable, Codable, Sendable {
    /// The system message; none when nil.
    public var system: String?
    public var templates: [PromptTemplate]
    public var lists: [String: WordList]
    /// How many prompts to make.
    public var count: Int
    public var sampling: Sampling
    /// The share of prompts that the teacher may refuse for good without the corpus being incomplete.
    public var tolerance: Double
    /// Whether a text is its prompt and the answer: of teachers that continue a text. Nil for the answer alone.
    public var keepPrompt: Bool?

    public static let usualTolerance = 0.01

    public init(
      system: String? = nil, templates: [PromptTemplate], lists: [String: WordList] = [:], count: Int,
      sampling: Sampling = Sampling(), tolerance: Double = usualTolerance,
      keepPrompt: Bool? = nil
    ) {
      self.system = system
      self.templates = templates
      self.lists = lists
      self.count = count
      self.sampling = sampling
      self.tolerance = tolerance
      self.keepPrompt = keepPrompt
    }
  }

  /// Where the words of a list stand.
  public enum WordList: Hashable, Codable, Sendable {
    case inline([String])
    /// A file relative to the recipe's folder, a word or phrase a line.
    case file(String)
  }

  /// What a recipe says about sampling; what it leaves out comes from the teacher's profile.
  public struct Sampling: Hashable, Codable, Sendable {
    public var temperature: Double?
    public var topP: Double?
    public var maxTokens: Int?
    public var stop: [String]?

    public init(
      temperature: Double? = nil, topP: Double? = nil, maxTokens: Int? = nil, stop: [String]? = nil
    ) {
      self.temperature = temperature
      self.topP = topP
      self.maxTokens = maxTokens
      self.stop = stop
    }

    /// The settings over a teacher's defaults.
    public func settings(over defaults: SamplingSettings) -> SamplingSettings {
      SamplingSettings(
        temperature: temperature ?? defaults.temperature, topP: topP ?? defaults.topP,
        maxTokens: maxTokens ?? defaults.maxTokens, seed: defaults.seed, stop: stop ?? defaults.stop)
    }
  }
}
