import Basics
import Lineage

/// `/v1/completions`: the teacher continues a text. A prompt's messages become that text, one paragraph each.
struct OpenAICompletions: TeacherDialect {
  let path = "/completions"
  /// Whether the answer begins with the prompt; nil where the server is not told.
  var echo: Bool?
  var defaults = OpenAIChat.apiDefaults

  func body(for prompt: Prompt, model: String) -> [String: JSONValue] {
    var fields = OpenAIFields.sampling(prompt.sampling)
    fields["model"] = .string(model)
    fields["prompt"] = .string(prompt.text)
    if let echo { fields["echo"] = .bool(echo) }
    return fields
  }

  func furtherReplies(from body: JSONValue) throws -> [TeacherReply] { try repliesOfChoices(body) }

  func reply(from body: JSONValue) throws -> TeacherReply {
    let choice = try OpenAIFields.firstChoice(of: body)
    guard let text = choice["text"]?.text else { throw MalformedAnswer("the first choice has no text") }
    return OpenAIFields.reply(text, reasoning: "", refusal: nil, choice: choice, body: body)
  }
}
