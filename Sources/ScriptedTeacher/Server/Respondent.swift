/// What stands behind the server and answers.
public protocol Respondent: Sendable {
  /// - Throws: `QuestionRefusal` for a question that cannot be answered, however often it is asked.
  func reply(to question: TeacherQuestion) async throws -> TeacherAnswers
}

/// A checked request, without its wrapping.
public struct TeacherQuestion: Sendable {
  public var messages: [ScriptedTeacher.Message]
  public var answerCount: Int
  public var seed: UInt64
  public var temperature: Double
  public var topP: Double
  /// No limit when nil.
  public var maxTokens: Int?
  /// Texts that end an answer and are no part of it.
  public var stops: [String]

  public init(
    messages: [ScriptedTeacher.Message], answerCount: Int = 1, seed: UInt64 = 0, temperature: Double = 1,
    topP: Double = 1, maxTokens: Int? = nil, stops: [String] = []
  ) {
    self.messages = messages
    self.answerCount = answerCount
    self.seed = seed
    self.temperature = temperature
    self.topP = topP
    self.maxTokens = maxTokens
    self.stops = stops
  }

  /// A text as far as the first stop.
  public func stopped(_ text: String) -> String {
    stops.compactMap { text.firstRange(of: $0)?.lowerBound }.min().map { String(text[..<$0]) } ?? text
  }
}

public struct TeacherAnswers: Hashable, Sendable {
  public struct Answer: Hashable, Sendable {
    public var text: String
    /// Whether a limit ended it, and not the teacher or a stop.
    public var isCut: Bool
    public var tokenCount: Int
    /// For each exchange, what is known about it.
    public var labels: [[String: String]]

    public init(text: String, isCut: Bool, tokenCount: Int, labels: [[String: String]] = []) {
      self.text = text
      self.isCut = isCut
      self.tokenCount = tokenCount
      self.labels = labels
    }
  }

  public var promptTokenCount: Int
  public var answers: [Answer]

  public init(promptTokenCount: Int, answers: [Answer]) {
    self.promptTokenCount = promptTokenCount
    self.answers = answers
  }
}

/// A question that cannot be answered: status 400.
public struct QuestionRefusal: Error {
  public var message: String

  public init(_ message: String) { self.message = message }
}

/// Counts in the tokens of `TokenizedText`.
extension ScriptedTeacher: Respondent {
  public func reply(to question: TeacherQuestion) throws -> TeacherAnswers {
    let answers = try answers(
      to: question.messages, seed: question.seed, temperature: question.temperature, count: question.answerCount)
    return TeacherAnswers(
      promptTokenCount: question.messages.map { TokenizedText($0.content).count }.reduce(0, +),
      answers: answers.map { answer in
        let stopped = question.stopped(answer.text)
        let cut = question.maxTokens.flatMap { TokenizedText(stopped).cut(after: $0) }
        return TeacherAnswers.Answer(
          text: cut ?? stopped, isCut: cut != nil, tokenCount: TokenizedText(cut ?? stopped).count,
          labels: answer.labels)
      })
  }
}
