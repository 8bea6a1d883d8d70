import Foundation
import Serving

/// Counts in the tokens of `TokenizedText`. Without a seed it answers as with 0: a grammar has no moods.
extension ScriptedTeacher: Respondent {
  public func reply(
    to question: ServedQuestion, say: @Sendable (AnswerPiece) async throws -> Void
  ) async throws -> AnswerEndings {
    let messages = question.messages.map { Message(role: $0.role, content: $0.content) }
    let answers = try answers(
      to: messages, seed: question.seed ?? 0, temperature: question.temperature, count: question.answerCount)
    var endings: [AnswerEndings.Ending] = []
    for (index, answer) in answers.enumerated() {
      let stopped = question.stopped(answer.text)
      let cut = question.maxTokens.flatMap { TokenizedText(stopped).cut(after: $0) }
      let text = cut ?? stopped
      for (position, exchange) in text.components(separatedBy: Self.separator).enumerated() where !text.isEmpty {
        try await say(AnswerPiece(index: index, text: position == 0 ? exchange : Self.separator + exchange))
      }
      // What was cut away has no labels.
      let exchangeCount = text.components(separatedBy: Self.separator).count
      endings.append(
        AnswerEndings.Ending(
          isCut: cut != nil, tokenCount: TokenizedText(text).count, labels: Array(answer.labels.prefix(exchangeCount))))
    }
    return AnswerEndings(
      promptTokenCount: messages.map { TokenizedText($0.content).count }.reduce(0, +), answers: endings)
  }
}

extension ModelServer {
  /// Serves a scripted teacher.
  /// - Parameter model: the name that requests have to give; the grammar's when nil.
  public init(grammar: Grammar, model: String? = nil, settings: ServerSettings = ServerSettings()) {
    self.init(ScriptedTeacher(grammar: grammar), model: model ?? grammar.name, settings: settings)
  }
}
