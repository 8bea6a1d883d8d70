extension Recipe {
  /// How a student is asked and judged before it is shipped: the part of `task` that evaluation reads.
  public struct Examination: Hashable, Codable, Sendable {
    /// Who says whether a reply is right.
    public enum Judge: String, Hashable, Codable, Sendable, CaseIterable {
      /// The scripted teacher derives request and reply together.
      case grammar
      /// The corpus's own reply, letter by letter.
      case exact
      /// What the request names comes back.
      case slots
      /// Another teacher is asked.
      case teacher
    }

    /// The teacher that judges, and what it is asked.
    public struct JudgingTeacher: Hashable, Codable, Sendable {
      /// What the prompt may hold.
      public static let placeholders = ["request", "reply", "expected"]

      /// A profile's name.
      public var name: String
      /// With `{request}`, `{reply}` and perhaps `{expected}`; its answer begins with yes or no.
      public var prompt: PromptTemplate

      public init(name: String, prompt: PromptTemplate) {
        self.name = name
        self.prompt = prompt
      }
    }

    public var judge: Judge
    /// For the judge `slots`: names of prompting lists.
    public var slots: [String]
    /// For the judge `teacher`.
    public var teacher: JudgingTeacher?
    /// Most questions asked of a set.
    public var questionCount: Int
    /// Requests about something else, to be refused.
    public var offTopic: WordList?
    /// Requests with values that the domain lacks, to be refused.
    public var outOfRange: WordList?
    /// Beginnings of a refusal, behind the reply's own mark.
    public var refusals: [String]
    /// The prompting list whose word is the label of a question; nil for none.
    public var label: String?

    public init(
      judge: Judge, slots: [String] = [], teacher: JudgingTeacher? = nil, questionCount: Int = 1000,
      offTopic: WordList? = nil, outOfRange: WordList? = nil, refusals: [String] = [],
      label: String? = nil
    ) {
      self.judge = judge
      self.slots = slots
      self.teacher = teacher
      self.questionCount = questionCount
      self.offTopic = offTopic
      self.outOfRange = outOfRange
      self.refusals = refusals
      self.label = label
    }
  }
}
