import Basics
import Lineage

/// Ollama's own `/api/chat`, with streaming turned off.
struct OllamaChat: TeacherDialect {
  let path = "/api/chat"

  private struct Payload: Encodable {
    struct Options: Encodable {
      var temperature: Double
      var top_p: Double
      var num_predict: Int
      var seed: UInt64
    }
    var model: String
    var messages: [Message]
    var options: Options
    var stream = false
  }

  private struct Body: Decodable {
    struct Content: Decodable { var content: String }
    var model: String?
    var message: Content
    var done: Bool
    var done_reason: String?
    var prompt_eval_count: Int?
    var eval_count: Int?
  }

  func payload(for prompt: Prompt, model: String) throws -> String {
    let sampling = prompt.sampling
    return try CanonicalJSON.text(
      Payload(
        model: model, messages: prompt.messages,
        options: Payload.Options(
          temperature: sampling.temperature, top_p: sampling.topP, num_predict: sampling.maxTokens,
          seed: sampling.seed)))
  }

  func reply(from body: [UInt8]) throws -> TeacherReply {
    let answer = try decode(Body.self, from: body)
    guard answer.done else { throw MalformedAnswer("the answer is not complete") }
    return TeacherReply(
      text: answer.message.content, finishReason: FinishReason(word: answer.done_reason ?? ""), model: answer.model,
      usage: TokenUsage(
        promptTokenCount: max(0, answer.prompt_eval_count ?? 0), completionTokenCount: max(0, answer.eval_count ?? 0)))
  }
}
