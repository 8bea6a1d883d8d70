import Basics
import Lineage

/// `/v1/chat/completions`, as OpenAI, llama.cpp, vLLM and our scripted teacher speak it.
struct OpenAIChat: TeacherDialect {
  let path = "/chat/completions"

  private struct Payload: Encodable {
    var model: String
    var messages: [Message]
    var temperature: Double
    var topP: Double
    var maxTokens: Int
    var seed: UInt64

    private enum CodingKeys: String, CodingKey {
      case model, messages, temperature, seed
      case topP = "top_p"
      case maxTokens = "max_tokens"
    }
  }

  private struct Body: Decodable {
    struct Choice: Decodable {
      struct Content: Decodable {
        var content: String?
        var refusal: String?
      }
      var message: Content
      var finishReason: String?

      private enum CodingKeys: String, CodingKey {
        case message
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
        model: model, messages: prompt.messages, temperature: sampling.temperature, topP: sampling.topP,
        maxTokens: sampling.maxTokens, seed: sampling.seed))
  }

  func reply(from body: [UInt8]) throws -> TeacherReply {
    let answer = try decode(Body.self, from: body)
    guard let choice = answer.choices.first else { throw MalformedAnswer("the answer has no choices") }
    let reason = FinishReason(word: choice.finishReason ?? "")
    // A filter may leave no text; that is an answer too, and asking again would cost the same.
    guard let text = choice.message.content ?? (reason == .contentFilter ? "" : choice.message.refusal) else {
      throw MalformedAnswer("the first choice has no text")
    }
    return TeacherReply(
      text: text, finishReason: reason, model: answer.model, usage: answer.usage?.tokens ?? TokenUsage())
  }
}

/// `usage` of both OpenAI dialects; servers leave out what they do not count.
struct OpenAIUsage: Decodable {
  private var promptTokens: Int?
  private var completionTokens: Int?

  private enum CodingKeys: String, CodingKey {
    case promptTokens = "prompt_tokens"
    case completionTokens = "completion_tokens"
  }

  var tokens: TokenUsage {
    TokenUsage(promptTokenCount: max(0, promptTokens ?? 0), completionTokenCount: max(0, completionTokens ?? 0))
  }
}
