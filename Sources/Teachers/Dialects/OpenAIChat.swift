import Basics
import Lineage

/// `/v1/chat/completions`, as OpenAI, llama.cpp, vLLM, Gemini, Mistral and our scripted teacher speak it.
struct OpenAIChat: TeacherDialect {
  let path = "/chat/completions"
  var defaults = Self.apiDefaults

  static let apiDefaults: [String: JSONValue] = ["temperature": .number(1.0), "top_p": .number(1.0)]

  func body(for prompt: Prompt, model: String) -> [String: JSONValue] {
    var fields = OpenAIFields.sampling(prompt.sampling)
    fields["model"] = .string(model)
    fields["messages"] = .messages(prompt.messages)
    if let schema = prompt.format?.schema { fields["response_format"] = Self.responseFormat(schema) }
    return fields
  }

  /// A schema that is closed everywhere is held by the server itself.
  private static func responseFormat(_ schema: JSONSchema) -> JSONValue {
    var members: [String: JSONValue] = ["name": .string("answer"), "schema": schema.json]
    if schema.isStrict { members["strict"] = .bool(true) }
    return .object(["type": .string("json_schema"), "json_schema": .object(members)])
  }

  func furtherReplies(from body: JSONValue) throws -> [TeacherReply] { try repliesOfChoices(body) }

  func reply(from body: JSONValue) throws -> TeacherReply {
    let choice = try OpenAIFields.firstChoice(of: body)
    guard let message = choice["message"] else {
      // A filter may leave nothing at all; that is an answer too, and asking again would cost the same.
      guard choice["finish_reason"] != nil else { throw MalformedAnswer("the first choice has no message") }
      return OpenAIFields.reply("", reasoning: "", refusal: nil, choice: choice, body: body)
    }
    let content = try AnswerText(content: message["content"])
    let beside = message["reasoning_content"]?.text ?? message["reasoning"]?.text ?? ""
    return OpenAIFields.reply(
      content.text, reasoning: beside + content.reasoning, refusal: message["refusal"]?.text, choice: choice,
      body: body)
  }
}

/// What both OpenAI dialects have in common.
enum OpenAIFields {
  static func sampling(_ sampling: SamplingSettings) -> [String: JSONValue] {
    var fields: [String: JSONValue] = [
      "temperature": .number(sampling.temperature), "top_p": .number(sampling.topP),
      "max_tokens": .number(sampling.maxTokens), "seed": .number(sampling.seed),
    ]
    if let stop = sampling.stop { fields["stop"] = .texts(stop) }
    if let n = sampling.n { fields["n"] = .number(n) }
    return fields
  }

  static func firstChoice(of body: JSONValue) throws -> JSONValue {
    guard case .object = body else { throw MalformedAnswer("the body is not an object") }
    guard let choices = body["choices"] else {
      if let error = body["error"] { throw ErrorInAnswer(error: error) }
      throw MalformedAnswer("the body lacks 'choices'")
    }
    guard let choice = choices.items?.first else { throw MalformedAnswer("the answer has no choices") }
    if let error = choice["error"] { throw ErrorInAnswer(error: error) }
    return choice
  }

  /// - Parameter refusal: the teacher's own words where it declined; an answer, but no text for a document.
  static func reply(
    _ text: String, reasoning: String, refusal: String?, choice: JSONValue, body: JSONValue
  ) -> TeacherReply {
    let usage = usage(of: body, prompt: "prompt_tokens", completion: "completion_tokens")
    let word = choice["finish_reason"]?.text ?? choice["finish_reason"].map { _ in "of another type" }
    let declined = text.isEmpty && refusal != nil
    return TeacherReply(
      text: text, reasoning: declined ? refusal ?? "" : reasoning,
      finishReason: declined ? .contentFilter : FinishReason(said: word), model: model(of: body), usage: usage)
  }

  static func usage(of body: JSONValue, prompt: String, completion: String) -> TokenUsage? {
    let usage = body["usage"]
    let counts = (usage?[prompt]?.count(), usage?[completion]?.count())
    guard counts.0 != nil || counts.1 != nil else { return nil }
    return TokenUsage(promptTokenCount: counts.0 ?? 0, completionTokenCount: counts.1 ?? 0)
  }

  /// At most 200 characters, as it is written into the ledger with each answer.
  static func model(of body: JSONValue) -> String? {
    body["model"]?.text.map { String($0.prefix(200)) }
  }
}
