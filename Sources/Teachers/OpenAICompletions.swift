import Basics
import Lineage

/// `/v1/completions`: the teacher continues a text. A prompt's messages become that text, one paragraph each.
struct OpenAICompletions: TeacherDialect {
  let path = "/completions"

  private struct Payload: Encodable {
    var model: String
    var prompt: String
    var temperature: Double
    var top_p: Double
    var max_tokens: Int
    var seed: UInt64
  }

  private struct Body: Decodable {
    struct Choice: Decodable {
      var text: String
      var finish_reason: String?
    }
    var model: String?
    var choices: [Choice]
    var usage: OpenAIUsage?
  }

  func payload(for prompt: Prompt, model: String) throws -> String {
    let sampling = prompt.sampling
    return try CanonicalJSON.text(
      Payload(
        model: model, prompt: prompt.messages.map(\.content).joined(separator: "\n\n"),
        temperature: sampling.temperature, top_p: sampling.topP, max_tokens: sampling.maxTokens, seed: sampling.seed))
  }

  func reply(from body: [UInt8]) throws -> TeacherReply {
    let answer = try decode(Body.self, from: body)
    guard let choice = answer.choices.first else { throw MalformedAnswer("the answer has no choices") }
    return TeacherReply(
      text: choice.text, finishReason: FinishReason(word: choice.finish_reason ?? ""), model: answer.model,
      usage: answer.usage?.tokens ?? TokenUsage())
  }
}
