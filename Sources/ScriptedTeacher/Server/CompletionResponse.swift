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

  /// In the tokens of `TokenizedText`.
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
    from teacher: ScriptedTeacher
  ) throws {
    let answers = try teacher.answers(
      to: request.messages, seed: request.seed, temperature: request.temperature, count: request.answerCount)
    let endings = answers.map { request.ending(of: $0.text) }
    id = (endpoint == .chat ? "chatcmpl-" : "cmpl-") + body.hex.prefix(24)
    object = endpoint == .chat ? "chat.completion" : "text_completion"
    model = request.model
    choices = zip(answers, endings).enumerated().map { index, pair in
      Choice(
        index: index, message: endpoint == .chat ? .init(role: "assistant", content: pair.1.text) : nil,
        text: endpoint == .text ? pair.1.text : nil, finishReason: pair.1.finishReason, labels: pair.0.labels)
    }
    let promptTokens = request.messages.map { TokenizedText($0.content).count }.reduce(0, +)
    let completionTokens = endings.map { TokenizedText($0.text).count }.reduce(0, +)
    usage = Usage(
      promptTokens: promptTokens, completionTokens: completionTokens, totalTokens: promptTokens + completionTokens)
  }
}

extension CompletionRequest {
  /// A text as far as `stop` and `max_tokens` let it go, and which of them ended it.
  fileprivate func ending(of text: String) -> (text: String, finishReason: String) {
    let stopped = stops.compactMap { text.firstRange(of: $0)?.lowerBound }.min().map { String(text[..<$0]) } ?? text
    guard let maxTokens, let cut = TokenizedText(stopped).cut(after: maxTokens) else { return (stopped, "stop") }
    return (cut, "length")
  }
}
