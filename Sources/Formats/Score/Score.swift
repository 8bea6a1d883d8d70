import Basics
import Lineage

/// How many of a corpus's questions an image answers wholly right, beside baselines that answered the same ones.
///
/// It holds no times and no paths: the same image, corpus and judge give the same score. Specified in
/// docs/formats/score.md.
public struct Score: Hashable, Codable, Sendable {
  public static let currentSchema = "alambic.score/1"
  public static let fileName = "score.json"
  /// Most wrong answers that a score keeps.
  public static let wrongAnswerLimit = 20
  /// Most answers that it shows whether they are right or not.
  public static let sampleLimit = 8

  public var schema = currentSchema
  public var alambicVersion = AlambicVersion.current
  public var image: ContentID
  /// Nil where tokens are bytes.
  public var vocabulary: ContentID?
  /// What computed the answers.
  public var engine: String
  public var judge: Recipe.Examination.Judge
  /// In the order of `QuestionSet`; sets without questions are left out.
  public var sets: [SetResult]
  public var baselines: [Baseline]
  /// The first held-out questions with their answers.
  public var samples: [Answer]
  /// Taken from the sets in turn.
  public var wrongAnswers: [Answer]
  /// The questions that an emulated core was asked, too; nil where none was.
  public var emulated: Emulated?

  public init(
    image: ContentID, vocabulary: ContentID? = nil, engine: String, judge: Recipe.Examination.Judge,
    sets: [SetResult], baselines: [Baseline] = [], samples: [Answer] = [], wrongAnswers: [Answer] = [],
    emulated: Emulated? = nil
  ) {
    self.image = image
    self.vocabulary = vocabulary
    self.engine = engine
    self.judge = judge
    self.sets = sets
    self.baselines = baselines
    self.samples = samples
    self.wrongAnswers = wrongAnswers
    self.emulated = emulated
  }

  public subscript(_ set: QuestionSet) -> SetResult? { sets.first { $0.set == set } }
}

// MARK: - Parts

extension Score {
  /// What was answered to one set of questions.
  public struct SetResult: Hashable, Codable, Sendable {
    public var set: QuestionSet
    /// Answers that are wholly right.
    public var right: Proportion
    /// Refusals of what should have been answered.
    public var wrongRefusalCount: Int
    /// Answers that had not ended at the limit.
    public var unfinishedCount: Int
    /// Bytes of the requests that the vocabulary lacks.
    public var unknownByteCount: Int
    /// By the label of the request; names ascend.
    public var labels: [Group]
    /// How many of the values that requests named came back; names ascend.
    public var slots: [Group]

    public init(
      set: QuestionSet, right: Proportion, wrongRefusalCount: Int = 0, unfinishedCount: Int = 0,
      unknownByteCount: Int = 0, labels: [Group] = [], slots: [Group] = []
    ) {
      self.set = set
      self.right = right
      self.wrongRefusalCount = wrongRefusalCount
      self.unfinishedCount = unfinishedCount
      self.unknownByteCount = unknownByteCount
      self.labels = labels
      self.slots = slots
    }
  }

  public struct Group: Hashable, Codable, Sendable {
    public var name: String
    public var right: Proportion

    public init(name: String, right: Proportion) {
      self.name = name
      self.right = right
    }
  }

  /// Another way to answer the same questions.
  public struct Baseline: Hashable, Codable, Sendable {
    public var name: String
    public var sets: [SetResult]

    public init(name: String, sets: [SetResult]) {
      self.name = name
      self.sets = sets
    }

    public subscript(_ set: QuestionSet) -> SetResult? { sets.first { $0.set == set } }
  }

  /// A question and the student's reply to it.
  public struct Answer: Hashable, Codable, Sendable {
    public var set: QuestionSet
    /// As it was asked, its line end included.
    public var request: String
    public var reply: String
    /// The reply that the corpus gives; nil where a refusal is expected, or nothing is known.
    public var expected: String?
    public var reason: JudgementReason

    public init(set: QuestionSet, request: String, reply: String, expected: String?, reason: JudgementReason) {
      self.set = set
      self.request = request
      self.reply = reply
      self.expected = expected
      self.reason = reason
    }
  }
}
