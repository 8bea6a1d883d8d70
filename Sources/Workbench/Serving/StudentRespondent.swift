import Basics
import Conversation
import Serving

/// A model that Alambic runs, behind the server: a student, a checkpoint, a plain GPT, a llama2.c model.
///
/// Answers follow from the model, the prompt, the seed and the sampling alone. Log probabilities are those of the
/// model's logits, whatever the temperature.
public struct StudentRespondent: Respondent {
  private let model: any SpeakingModel
  private let framing: ChatFraming

  /// Of an answer whose client names no limit.
  public static let usualTokenCount = 1024
  public static let tokenLimit = 65_536
  public static let promptByteLimit = 65_536

  public init(_ model: any SpeakingModel, framing: ChatFraming) {
    self.model = model
    self.framing = framing
  }

  public var hasLogprobs: Bool { true }
  public var fingerprint: String? { "fp_" + model.id.hex.prefix(12) }

  public func reply(
    to question: ServedQuestion, say: @Sendable (AnswerPiece) async throws -> Void
  ) async throws -> AnswerEndings {
    let request = try request(for: question)
    var endings = AnswerEndings(promptTokenCount: 0, answers: [])
    for index in 0..<question.answerCount {
      var request = request
      request.stream = UInt64(index)
      let answer = try await answer(request, question) {
        try await say(AnswerPiece(index: index, text: $0, tokens: $1))
      }
      endings.promptTokenCount = answer.promptTokenCount
      endings.answers.append(answer.ending)
    }
    return endings
  }

  private func request(for question: ServedQuestion) throws -> SpeechRequest {
    let prompt = Array(try framing.prompt(of: question).utf8)
    guard prompt.count <= Self.promptByteLimit else {
      throw QuestionRefusal("the prompt has \(prompt.count) bytes; at most \(Self.promptByteLimit)")
    }
    if let count = question.maxTokens, count > Self.tokenLimit {
      throw QuestionRefusal(
        "'max_tokens' is \(count); an answer here has at most \(Self.tokenLimit) tokens", parameter: "max_tokens")
    }
    // A prompt whose own tokens are wanted is read as it stands: healing would choose its last ones again.
    let isScored = question.isEchoed && question.alternativeCount != nil
    return SpeechRequest(
      prompt: prompt, isHealed: !isScored, temperature: question.temperature, topP: question.topP,
      seed: question.seed ?? UInt64.random(in: .min ... .max))
  }

  private typealias Voice = @Sendable (String, [AnswerToken]) async throws -> Void

  private func answer(
    _ request: SpeechRequest, _ question: ServedQuestion, say: Voice
  ) async throws -> (promptTokenCount: Int, ending: AnswerEndings.Ending) {
    var speech: any Speech
    do { speech = try model.speech(request) } catch let error as HintedError where error.status == .usage {
      throw QuestionRefusal(error.message)
    }
    try await read(&speech, question, say: say)
    var text = AnswerText(stops: question.stops + framing.stops(of: question))
    let limit = min(question.maxTokens ?? Self.usualTokenCount, speech.room ?? .max)
    var ending = AnswerEndings.Ending(isCut: true, tokenCount: 0)
    while ending.tokenCount < limit, ending.isCut {
      try await pause()
      let spoken = try speech.say()
      if spoken.isRepetition { continue }
      if spoken.isEnd {
        ending.isCut = false
        break
      }
      ending.tokenCount += 1
      let piece = text.hear(token(spoken, question))
      if !piece.text.isEmpty || !piece.tokens.isEmpty { try await say(piece.text, shown(piece.tokens, question)) }
      ending.isCut = !text.isStopped
    }
    let rest = text.flush()
    if !rest.text.isEmpty || !rest.tokens.isEmpty { try await say(rest.text, shown(rest.tokens, question)) }
    return (speech.promptTokenCount, ending)
  }

  /// Reads the prompt, and says it where its tokens are wanted.
  private func read(_ speech: inout any Speech, _ question: ServedQuestion, say: Voice) async throws {
    let isScored = question.isEchoed && question.alternativeCount != nil
    var tokens: [AnswerToken] = []
    while let spoken = try speech.read() {
      if isScored { tokens.append(token(spoken, question)) }
      try await pause()
    }
    guard isScored else { return }
    try await say(String(decoding: tokens.flatMap(\.bytes), as: UTF8.self), tokens)
  }

  /// So that others are served, too, and nobody who has gone.
  private func pause() async throws {
    await Task.yield()
    try Task.checkCancellation()
  }

  private func shown(_ tokens: [AnswerToken], _ question: ServedQuestion) -> [AnswerToken] {
    question.alternativeCount == nil ? [] : tokens
  }

  private func token(_ spoken: SpokenToken, _ question: ServedQuestion) -> AnswerToken {
    guard let count = question.alternativeCount, let distribution = spoken.distribution else {
      return AnswerToken(bytes: spoken.bytes, logprob: nil)
    }
    return AnswerToken(
      bytes: spoken.bytes, logprob: distribution.logprob(of: spoken.token),
      alternatives: count == 0
        ? []
        : distribution.likeliest(count).map {
          AnswerToken.Alternative(
            bytes: Array(model.bytes(of: $0.token).dropFirst(spoken.heldByteCount)), logprob: $0.logprob)
        })
  }
}
