import Basics
import HTTPTransport
import Lineage

/// Anthropic's `/v1/messages`. It knows no seed, so repeated prompts may be answered alike or not.
struct AnthropicMessages: TeacherDialect {
  let path = "/messages"

  private struct Payload: Encodable {
    var model: String
    var maxTokens: Int
    var system: String?
    var messages: [Message]
    var temperature: Double
    var topP: Double?

    private enum CodingKeys: String, CodingKey {
      case model, system, messages, temperature
      case maxTokens = "max_tokens"
      case topP = "top_p"
    }
  }

  private struct Body: Decodable {
    struct Block: Decodable {
      var type: String
      var text: String?
    }
    struct Usage: Decodable {
      var inputTokens: Int
      var outputTokens: Int

      private enum CodingKeys: String, CodingKey {
        case inputTokens = "input_tokens"
        case outputTokens = "output_tokens"
      }
    }

    var model: String?
    var content: [Block]
    var stopReason: String?
    var usage: Usage?

    private enum CodingKeys: String, CodingKey {
      case model, content, usage
      case stopReason = "stop_reason"
    }
  }

  func payload(for prompt: Prompt, model: String) throws -> String {
    let system = prompt.messages.filter { $0.role == .system }.map(\.content).joined(separator: "\n\n")
    let sampling = prompt.sampling
    return try CanonicalJSON.text(
      Payload(
        model: model, maxTokens: sampling.maxTokens, system: system.isEmpty ? nil : system,
        messages: prompt.messages.filter { $0.role != .system }, temperature: min(sampling.temperature, 1),
        // Newer models refuse temperature and top_p together, and 1 means "no cut" anyway.
        topP: sampling.topP < 1 ? sampling.topP : nil))
  }

  func headers(key: SecretText?) -> HTTPHeaders {
    var headers: HTTPHeaders = ["anthropic-version": "2023-06-01"]
    if let key { headers.append("x-api-key", key.value) }
    return headers
  }

  func reply(from body: [UInt8]) throws -> TeacherReply {
    let answer = try decode(Body.self, from: body)
    let reason = finishReason(answer.stopReason ?? "")
    let texts = answer.content.filter { $0.type == "text" }.compactMap(\.text)
    guard !texts.isEmpty || reason == .contentFilter else { throw MalformedAnswer("the answer has no text") }
    return TeacherReply(
      text: texts.joined(), finishReason: reason, model: answer.model,
      usage: TokenUsage(
        promptTokenCount: max(0, answer.usage?.inputTokens ?? 0),
        completionTokenCount: max(0, answer.usage?.outputTokens ?? 0)))
  }

  private func finishReason(_ word: String) -> FinishReason {
    switch word {
    case "end_turn", "stop_sequence": .stop
    case "max_tokens": .length
    case "refusal": .contentFilter
    default: .other(word)
    }
  }
}
