import Basics

/// The answer to a completion request, in OpenAI's shape with one field of our own: a choice's `labels`.
struct CompletionResponse: Encodable {
  struct Choice: Encodable {
    var index: Int
    /// Chat only.
    var message: ScriptedTeacher.Message?
    /// Plain completions only.
    var text: String?
    var finishReason: String
    /// For each exchange, what the grammar says about it; not in OpenAI's API.
    var labels: [[String: String]]

    enum CodingKeys: String, CodingKey {
      case index, message, text, labels
      case finishReason = "finish_reason"
    }
  }

  /// In the teacher's own tokens.
  struct Usage: Encodable {
    var promptTokens: Int
    var completionTokens: Int
    var totalTokens: Int

    enum CodingKeys: String, CodingKey {
      case promptTokens = "prompt_tokens"
      case completionTokens = "completion_tokens"
      case totalTokens = "total_tokens"
    }
  }

  var id: String
  var object: String
  /// Always 0: the same question gets the same bytes.
  var created = 0
  var model: String
  var choices: [Choice]
  var usage: Usage

  /// - Parameter body: the id of the request's canonical JSON.
  init(
    to request: CompletionRequest, body: ContentID, at endpoint: CompletionRequest.Endpoint,
    from teacher: any Respondent
  ) async throws {
    let reply = try await teacher.reply(to: request.question)
    let start = request.isEchoed ? request.messages.map(\.content).joined() : ""
    id = (endpoint == .chat ? "chatcmpl-" : "cmpl-") + body.hex.prefix(24)
    object = endpoint == .chat ? "chat.completion" : "text_completion"
    model = request.model
    choices = reply.answers.enumerated().map { index, answer in
      Choice(
        index: index, message: endpoint == .chat ? .init(role: "assistant", content: answer.text) : nil,
        text: endpoint == .text ? start + answer.text : nil, finishReason: answer.isCut ? "length" : "stop",
        labels: answer.labels)
    }
    let completionTokens = reply.answers.reduce(0) { $0 + $1.tokenCount }
    usage = Usage(
      promptTokens: reply.promptTokenCount, completionTokens: completionTokens,
      totalTokens: reply.promptTokenCount + completionTokens)
  }
}

extension CompletionRequest {
  fileprivate var question: TeacherQuestion {
    TeacherQuestion(
      messages: messages, answerCount: answerCount, seed: seed, temperature: temperature, topP: topP,
      maxTokens: maxTokens, stops: stops)
  }
}
