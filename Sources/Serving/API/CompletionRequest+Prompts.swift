import Basics

extension CompletionRequest {
  /// What is asked: a conversation, or one text or several.
  static func prompts(from fields: inout FieldReader, for endpoint: Endpoint) throws -> [ServedQuestion.Prompt] {
    switch endpoint {
    case .chat: [.chat(try messages(fields.take("messages")))]
    case .text: try texts(fields.take("prompt")).map(ServedQuestion.Prompt.text)
    }
  }

  private static func texts(_ value: JSONValue?) throws -> [String] {
    switch value {
    case nil: throw APIError.malformed("'prompt' is missing", parameter: "prompt")
    case .string(let text): return [text]
    case .array(let items) where !items.isEmpty && items.allSatisfy { $0.text != nil }: return items.compactMap(\.text)
    case .array(let items) where !items.isEmpty && items.allSatisfy { $0.text == nil }:
      throw APIError.unsupported("'prompt' has the numbers of tokens; send text", parameter: "prompt")
    default: throw FieldReader.wrongType("prompt")
    }
  }

  private static let roles = ["system", "developer", "user", "assistant"]

  private static func messages(_ value: JSONValue?) throws -> [ServedMessage] {
    guard let value else {
      throw APIError.malformed("'messages' should hold at least one message", parameter: "messages")
    }
    guard let items = value.items else { throw FieldReader.wrongType("messages") }
    guard !items.isEmpty else {
      throw APIError.malformed("'messages' should hold at least one message", parameter: "messages")
    }
    return try items.enumerated().map { try message($1, at: "messages.\($0)") }
  }

  private static func message(_ value: JSONValue, at place: String) throws -> ServedMessage {
    guard let members = value.members else { throw FieldReader.wrongType(place) }
    guard let role = value["role"]?.text else {
      throw APIError.malformed("'\(place).role' is missing, or no text", parameter: "\(place).role")
    }
    guard roles.contains(role) else {
      let known = roles.joined(separator: ", ")
      throw APIError.malformed("'\(place).role' is '\(role)'; roles are \(known)", parameter: "\(place).role")
    }
    for name in ["tool_calls", "function_call", "audio"] where value[name] != nil && value[name] != .array([]) {
      throw APIError.unsupported("'\(place).\(name)': there are no tools here", parameter: "\(place).\(name)")
    }
    let passedOver = ["role", "content", "name", "refusal", "tool_calls", "function_call", "audio", "annotations"]
    for name in members.keys.sorted() where !passedOver.contains(name) {
      throw APIError.unknownField("\(place).\(name)")
    }
    return ServedMessage(role: role, content: try content(value, role: role, at: "\(place).content"))
  }

  /// A text, or a list of parts that are texts; an assistant may have said nothing.
  private static func content(_ message: JSONValue, role: String, at place: String) throws -> String {
    switch message["content"] {
    case nil where role == "assistant": return ""
    case nil: throw APIError.malformed("'\(place)' is missing", parameter: place)
    case .string(let text): return text
    case .array(let parts):
      return try parts.enumerated().map { index, part in
        guard part["type"]?.text == "text" else {
          throw APIError.unsupported(
            "'\(place).\(index)' is not text; this server reads nothing else", parameter: place)
        }
        guard let text = part["text"]?.text else { throw FieldReader.wrongType("\(place).\(index).text") }
        return text
      }.joined()
    default: throw FieldReader.wrongType(place)
    }
  }
}
