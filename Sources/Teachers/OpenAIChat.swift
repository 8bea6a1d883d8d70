import Basics
import Lineage

/// `/v1/chat/completions`, as OpenAI, llama.cpp, vLLM and our scripted teacher speak it.
struct OpenAIChat: TeacherDialect {
  let path = "/chat/completions"

  private struct Payload: Encodable {
    var model: String
    var messages: [Message]
    var temperature: Double
    var top_p: Double
    var max_tokens: Int
    var seed: UInt64
  }

  private struct Body: Decodable {
    struct Choice: Decodable {
      struct Content: Decodable {
        var content: String?
        var refusal: String?
      }
      var message: Content
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
        model: model, messages: prompt.messages, temperature: sampling.temperature, top_p: sampling.topP,
        max_tokens: sampling.maxTokens, seed: sampling.seed))
  }

  func reply(from body: [UInt8]) throws -> TeacherReply {
    let answer = try decode(Body.self, from: body)
    guard let choice = answer.choices.first else { throw MalformedAnswer("the answer has no choices") }
    let reason = FinishReason(word: choice.finish_reason ?? "")
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
  var prompt_tokens: Int?
  var completion_tokens: Int?

  var tokens: TokenUsage {
    TokenUsage(promptTokenCount: max(0, prompt_tokens ?? 0), completionTokenCount: max(0, completion_tokens ?? 0))
  }
}
