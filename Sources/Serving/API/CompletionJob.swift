import Basics
import Synchronization

/// One request, from its questions to the last byte of its answer.
struct CompletionJob: Sendable {
  let questions: [ServedQuestion]
  let frame: CompletionFrame
  let respondent: any Respondent

  init(_ request: CompletionRequest, body: ContentID, respondent: any Respondent) {
    questions = request.questions
    frame = CompletionFrame(request, body: body, fingerprint: respondent.fingerprint)
    self.respondent = respondent
  }

  /// The whole answer.
  func whole() async throws -> JSONValue {
    let collected = Mutex<[Int: FinishedChoice]>([:])
    let (endings, promptTokenCount) = try await answer { piece in
      collected.withLock { choices in
        choices[piece.index, default: FinishedChoice(index: piece.index)].text += piece.text
        choices[piece.index]?.tokens += piece.tokens
      }
    }
    let choices = collected.withLock { choices in
      endings.enumerated().map { index, ending in
        var choice = choices[index] ?? FinishedChoice(index: index)
        choice.ending = ending
        return choice
      }
    }
    return frame.whole(choices, promptTokenCount: promptTokenCount)
  }

  /// The answer as server-sent events. What goes wrong after the first of them is an event, too.
  func stream(to writer: StreamWriter) async throws {
    let progress = Mutex<[Int: Int]>([:])
    do {
      let (endings, promptTokenCount) = try await answer { piece in
        let offset = progress.withLock { offsets in
          defer { offsets[piece.index, default: 0] += piece.text.unicodeScalars.count }
          return offsets[piece.index]
        }
        var events = offset == nil && frame.isChat ? [frame.opening(piece.index)] : []
        events.append(frame.chunk(piece, offset: offset ?? 0))
        try await writer.write(try Self.events(events))
      }
      // An answer of nothing has a beginning, too.
      let unsaid = endings.indices.filter { index in progress.withLock { $0[index] == nil } && frame.isChat }
      var events = unsaid.map(frame.opening) + endings.enumerated().map { frame.closing($0, $1) }
      if frame.includesUsage {
        events.append(
          frame.usageChunk(
            promptTokenCount: promptTokenCount, completionTokenCount: endings.reduce(0) { $0 + $1.tokenCount }))
      }
      try await writer.write(try Self.events(events) + Array("data: [DONE]\n\n".utf8))
    } catch let error where !(error is CancellationError) && progress.withLock({ !$0.isEmpty }) {
      try await writer.write(try Self.events([Router.refusal(of: error).value]))
      throw error
    }
  }

  private static func events(_ values: [JSONValue]) throws -> [UInt8] {
    try values.flatMap { Array("data: ".utf8) + (try CanonicalJSON.encode($0)) + Array("\n\n".utf8) }
  }

  /// Asks for one prompt after the other; answers are counted through.
  private func answer(
    _ say: @escaping @Sendable (AnswerPiece) async throws -> Void
  ) async throws -> (endings: [AnswerEndings.Ending], promptTokenCount: Int) {
    var (endings, promptTokenCount) = ([AnswerEndings.Ending](), 0)
    for question in questions {
      let first = endings.count
      if question.isEchoed, question.alternativeCount == nil, case .text(let text) = question.prompt {
        for index in 0..<question.answerCount { try await say(AnswerPiece(index: first + index, text: text)) }
      }
      let answers = try await respondent.reply(to: question) { piece in
        var piece = piece
        piece.index += first
        try await say(piece)
      }
      endings += answers.answers
      promptTokenCount += answers.promptTokenCount
    }
    return (endings, promptTokenCount)
  }
}
