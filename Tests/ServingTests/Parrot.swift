import Serving
import TestSupport

/// Says what it was asked; its tokens are single bytes, each half as likely as not.
struct Parrot: Respondent {
  var hasLogprobs = true
  var fingerprint: String? { "fp_parrot" }

  func reply(
    to question: ServedQuestion, say: @Sendable (AnswerPiece) async throws -> Void
  ) async throws -> AnswerEndings {
    let prompt = question.messages.map { "\($0.role):\($0.content)" }.joined(separator: "|")
    if prompt.contains("refuse") { throw QuestionRefusal("nothing to continue", parameter: "prompt") }
    if prompt.contains("crash") { throw CancellationError() }
    let breaks = prompt.contains("break")
    let scored = question.alternativeCount
    var endings: [AnswerEndings.Ending] = []
    for index in 0..<question.answerCount {
      if question.isEchoed, scored != nil, case .text(let text) = question.prompt {
        try await say(AnswerPiece(index: index, text: text, tokens: text.utf8.enumerated().map { token($1, $0 > 0) }))
      }
      var text = AnswerText(stops: question.stops)
      let bytes = Array("\(prompt) \(question.seed.map(String.init) ?? "-") \(question.temperature) é".utf8)
      let said = bytes.prefix(question.maxTokens ?? .max)
      for byte in said {
        let piece = text.hear(token(byte, true))
        if !piece.text.isEmpty {
          try await say(AnswerPiece(index: index, text: piece.text, tokens: scored == nil ? [] : piece.tokens))
        }
        if breaks { throw QuestionRefusal("it broke") }
      }
      let rest = text.flush()
      if !rest.text.isEmpty { try await say(AnswerPiece(index: index, text: rest.text, tokens: rest.tokens)) }
      endings.append(.init(isCut: said.count < bytes.count, tokenCount: said.count))
    }
    return AnswerEndings(promptTokenCount: 7, answers: endings)
  }

  private func token(_ byte: UInt8, _ isKnown: Bool) -> AnswerToken {
    AnswerToken(
      bytes: [byte], logprob: isKnown ? -0.5 : nil,
      alternatives: isKnown ? [.init(bytes: [byte], logprob: -0.5), .init(bytes: [0xFF], logprob: -.infinity)] : [])
  }
}

/// Runs `body` against a server of its own.
func withServer<Result>(
  _ respondent: any Respondent = Parrot(), _ settings: ServerSettings = ServerSettings(),
  _ body: (LoopbackClient, ModelServer) async throws -> Result
) async throws -> Result {
  let server = ModelServer(respondent, model: "parrot", settings: settings)
  let client = LoopbackClient(port: try await server.start(), model: "parrot")
  do {
    let result = try await body(client, server)
    await server.stop()
    return result
  } catch {
    await server.stop()
    throw error
  }
}
