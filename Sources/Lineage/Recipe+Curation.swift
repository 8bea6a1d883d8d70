extension Recipe {
  /// A script that a corpus may be written in.
  public enum Script: String, Hashable, Codable, Sendable, CaseIterable {
    case latin, greek, cyrillic, armenian, hebrew, arabic, devanagari, bengali, gurmukhi, gujarati, tamil, telugu
    case kannada, malayalam, sinhala, thai, lao, tibetan, myanmar, georgian, hangul, ethiopic, khmer, mongolian
    case han, hiragana, katakana
  }

  /// Texts that documents must share no words with.
  public enum Reference: Hashable, Codable, Sendable {
    /// What the recipe's lists show to the teacher.
    case examples
    /// The prompts of those who judge.
    case judges
    /// Requests that are asked to be refused.
    case questions
    /// A file below the recipe's folder; of records, the field that holds the text.
    case file(String, field: String?)
  }

  /// Settings of curation that go together; what a recipe says itself takes their place.
  public enum CurationPreset: String, Hashable, Codable, Sendable, CaseIterable {
    /// Short exchanges, of which one word decides much: near duplicates stay, on one side of the split.
    case dialogue
    /// Running text.
    case stories

    public var curation: Curation {
      var curation = Curation()
      curation.refuse = [.chatter, .repetition]
      switch self {
      case .dialogue:
        (curation.minimumByteCount, curation.maximumByteCount) = (50, 500)
        (curation.nearDuplicates, curation.keepsNearDuplicates) = (0.7, true)
      case .stories:
        (curation.minimumByteCount, curation.maximumByteCount) = (200, 8000)
        curation.nearDuplicates = 0.8
      }
      return curation
    }
  }
}

extension Recipe.Curation {
  /// Where a recipe says nothing of what a teacher answered: models talk around what they were asked for.
  public static let ofAnswers = {
    var curation = Recipe.Curation()
    curation.refuse = [.chatter]
    return curation
  }()

  /// Words of `splitBy` that are no list's: documents of one prompt, documents with one request.
  public static let promptKey = "prompt"
  public static let requestKey = "request"
}
