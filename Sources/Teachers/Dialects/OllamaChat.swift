import Basics
import Lineage

/// Ollama's own `/api/chat`, with streaming turned off. Its defaults are a model's own, so everything is sent.
struct OllamaChat: TeacherDialect {
  let path = "/api/chat"

  func body(for prompt: Prompt, model: String) -> [String: JSONValue] {
    let sampling = prompt.sampling
    var options: [String: JSONValue] = [
      "temperature": .number(sampling.temperature), "top_p": .number(sampling.topP),
      "num_predict": .number(sampling.maxTokens), "seed": .number(sampling.seed),
    ]
    if let stop = sampling.stop { options["stop"] = .texts(stop) }
    var fields: [String: JSONValue] = [
      "model": .string(model), "messages": .messages(prompt.messages), "options": .object(options),
      "stream": .bool(false),
    ]
    if let schema = prompt.format?.schema { fields["format"] = schema.json }
    return fields
  }

  func reply(from body: JSONValue) throws -> TeacherReply {
    if let error = body["error"] { throw ErrorInAnswer(error: error) }
    guard let message = body["message"] else { throw MalformedAnswer("the body lacks 'message'") }
    guard body["done"] == .bool(true) else { throw MalformedAnswer("the answer is not complete") }
    let content = try AnswerText(content: message["content"])
    guard body["done_reason"]?.text != "load" else { throw MalformedAnswer("the server has only loaded the model") }
    return TeacherReply(
      text: content.text, reasoning: (message["thinking"]?.text ?? "") + content.reasoning,
      finishReason: FinishReason(said: body["done_reason"]?.text), model: OpenAIFields.model(of: body),
      usage: usage(of: body))
  }

  private func usage(of body: JSONValue) -> TokenUsage? {
    let counts = (body["prompt_eval_count"]?.count(), body["eval_count"]?.count())
    guard counts.0 != nil || counts.1 != nil else { return nil }
    return TokenUsage(promptTokenCount: counts.0 ?? 0, completionTokenCount: counts.1 ?? 0)
  }
}
