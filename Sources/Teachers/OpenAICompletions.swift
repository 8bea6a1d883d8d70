import Basics
import Lineage

/// `/v1/completions`: the teacher continues a text. A prompt's messages become that text, one paragraph each.
struct OpenAICompletions: TeacherDialect {
  let path = "/completions"
  /// Whether the answer begins with the prompt; nil where the server is not told.
  var echo: Bool?

  private struct Payload: Encodable {
    var model: String
    var prompt: String
    var temperature: Double
    var topP: Double
    var maxTokens: Int
    var seed: UInt64
    var echo: Bool?

    private enum CodingKeys: String, CodingKey {
      case model, prompt, temperature, seed, echo
      case topP = "top_p"
      case maxTokens = "max_tokens"
    }
  }

  private struct Body: Decodable {
    struct Choice: Decodable {
      var text: String
      var finishReason: String?

      private enum CodingKeys: String, CodingKey {
        case text
        case finishReason = "finish_reason"
      }
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
        temperature: sampling.temperature, topP: sampling.topP, maxTokens: sampling.maxTokens, seed: sampling.seed,
        echo: echo))
  }

  func reply(from body: [UInt8]) throws -> TeacherReply {
    let answer = try decode(Body.self, from: body)
    guard let choice = answer.choices.first else { throw MalformedAnswer("the answer has no choices") }
    return TeacherReply(
      text: choice.text, finishReason: FinishReason(word: choice.finishReason ?? ""), model: answer.model,
      usage: answer.usage?.tokens ?? TokenUsage())
  }
}
