import Basics
import HTTPTransport
import Lineage

/// Anthropic's `/v1/messages`. It knows no seed, so repeated prompts may be answered alike or not.
struct AnthropicMessages: TeacherDialect {
  let path = "/messages"
  /// Newer models refuse temperature and top_p together.
  let defaults = OpenAIChat.apiDefaults
  let keyHeader = TeacherProfile.KeyHeader.xAPIKey
  let headers: HTTPHeaders = ["anthropic-version": "2023-06-01"]

  func body(for prompt: Prompt, model: String) -> [String: JSONValue] {
    let system = prompt.messages.filter { $0.role == .system }.map(\.content).joined(separator: "\n\n")
    let sampling = prompt.sampling
    var fields: [String: JSONValue] = [
      "model": .string(model), "max_tokens": .number(sampling.maxTokens),
      "messages": .messages(prompt.messages.filter { $0.role != .system }),
      "temperature": .number(min(sampling.temperature, 1)),
    ]
    if !system.isEmpty { fields["system"] = .string(system) }
    if sampling.topP < 1 { fields["top_p"] = .number(sampling.topP) }
    if let stop = sampling.stop { fields["stop_sequences"] = .texts(stop) }
    if let schema = prompt.format?.schema {
      fields["output_config"] = .object([
        "format": .object(["type": .string("json_schema"), "schema": schema.json])
      ])
    }
    return fields
  }

  func reply(from body: JSONValue) throws -> TeacherReply {
    if body["type"]?.text == "error", let error = body["error"] { throw ErrorInAnswer(error: error) }
    guard let content = body["content"] else { throw MalformedAnswer("the body lacks 'content'") }
    guard content.items != nil else { throw MalformedAnswer("'content' is not a list of blocks") }
    let text = try AnswerText(content: content)
    return TeacherReply(
      text: text.text, reasoning: text.reasoning, finishReason: FinishReason(said: body["stop_reason"]?.text),
      model: OpenAIFields.model(of: body),
      usage: OpenAIFields.usage(of: body, prompt: "input_tokens", completion: "output_tokens"))
  }
}
