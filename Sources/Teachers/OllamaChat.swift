import Basics
import Lineage

/// Ollama's own `/api/chat`, with streaming turned off.
struct OllamaChat: TeacherDialect {
  let path = "/api/chat"

  private struct Payload: Encodable {
    struct Options: Encodable {
      var temperature: Double
      var topP: Double
      var maxTokens: Int
      var seed: UInt64

      private enum CodingKeys: String, CodingKey {
        case temperature, seed
        case topP = "top_p"
        case maxTokens = "num_predict"
      }
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
    var doneReason: String?
    var promptTokenCount: Int?
    var completionTokenCount: Int?

    private enum CodingKeys: String, CodingKey {
      case model, message, done
      case doneReason = "done_reason"
      case promptTokenCount = "prompt_eval_count"
      case completionTokenCount = "eval_count"
    }
  }

  func payload(for prompt: Prompt, model: String) throws -> String {
    let sampling = prompt.sampling
    return try CanonicalJSON.text(
      Payload(
        model: model, messages: prompt.messages,
        options: Payload.Options(
          temperature: sampling.temperature, topP: sampling.topP, maxTokens: sampling.maxTokens,
          seed: sampling.seed)))
  }

  func reply(from body: [UInt8]) throws -> TeacherReply {
    let answer = try decode(Body.self, from: body)
    guard answer.done else { throw MalformedAnswer("the answer is not complete") }
    return TeacherReply(
      text: answer.message.content, finishReason: FinishReason(word: answer.doneReason ?? ""), model: answer.model,
      usage: TokenUsage(
        promptTokenCount: max(0, answer.promptTokenCount ?? 0),
        completionTokenCount: max(0, answer.completionTokenCount ?? 0)))
  }
}
