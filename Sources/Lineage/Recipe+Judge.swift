extension Recipe {
  /// A second teacher that is asked about each document that curation keeps.
  public struct Judge: Hashable, Codable, Sendable {
    /// The only list of its prompt.
    public static let documentList = "document"

    /// Which judgements keep a document.
    public enum Standard: Hashable, Codable, Sendable {
      /// The first number of the answer, at least.
      case atLeast(Double)
      /// The first word of the answer, in whatever case.
      case words([String])
    }

    /// A profile's name.
    public var teacher: String
    /// With `{document}`.
    public var prompt: PromptTemplate
    public var standard: Standard

    public init(teacher: String, prompt: PromptTemplate, standard: Standard) {
      self.teacher = teacher
      self.prompt = prompt
      self.standard = standard
    }

    /// The number or word that an answer begins with, and whether it keeps the document; nil where there is none.
    public func judgement(in answer: String) -> (said: String, keeps: Bool)? {
      switch standard {
      case .atLeast(let least):
        guard let found = answer.firstMatch(of: /-?\d+(?:\.\d+)?/), let number = Double(found.0) else { return nil }
        return (String(found.0), number >= least)
      case .words(let words):
        guard let word = answer.split(whereSeparator: { !$0.isLetter }).first?.lowercased() else { return nil }
        return (String(word.prefix(40)), words.contains { $0.lowercased() == word })
      }
    }
  }
}
