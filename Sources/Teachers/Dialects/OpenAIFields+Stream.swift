import Basics

extension OpenAIFields {
  /// The body of an answer that came in chunks, for both OpenAI dialects. Pieces count that belong to the first choice;
  /// usage stands in a chunk of its own, in the last one, or in each.
  static func body(of stream: EventStream) throws -> JSONValue {
    var (content, text, thought, refusal) = (TextPieces(), TextPieces(), TextPieces(), TextPieces())
    var (body, choice): ([String: JSONValue], [String: JSONValue]) = ([:], [:])
    for event in stream.events {
      if let error = event["error"] { throw ErrorInAnswer(error: error) }
      for key in ["model", "usage"] { if let value = event[key] { body[key] = value } }
      guard let piece = event["choices"]?.items?.first(where: { ($0["index"]?.count() ?? 0) == 0 }) else { continue }
      if let error = piece["error"] { throw ErrorInAnswer(error: error) }
      text.append(piece["text"])
      let delta = piece["delta"] ?? piece["message"]
      content.append(delta?["content"])
      thought.append(delta?["reasoning_content"] ?? delta?["reasoning"])
      refusal.append(delta?["refusal"])
      if let reason = piece["finish_reason"] { choice["finish_reason"] = reason }
    }
    guard choice["finish_reason"] != nil || stream.isDone else {
      throw MalformedAnswer("the stream ended before its answer did")
    }
    var message: [String: JSONValue] = ["content": content.value, "reasoning_content": thought.value]
    if !refusal.text.isEmpty { message["refusal"] = refusal.value }
    (choice["message"], choice["text"]) = (.object(message), text.value)
    body["choices"] = .array([.object(choice)])
    return .object(body)
  }
}

extension OpenAIChat {
  func body(of stream: EventStream) throws -> JSONValue { try OpenAIFields.body(of: stream) }
}

extension OpenAICompletions {
  func body(of stream: EventStream) throws -> JSONValue { try OpenAIFields.body(of: stream) }
}

extension AnthropicMessages {
  /// The prompt's tokens are counted in the first event, the answer's in the last but one.
  func body(of stream: EventStream) throws -> JSONValue {
    var (text, thought) = (TextPieces(), TextPieces())
    var body: [String: JSONValue] = [:]
    var usage = JSONValue.object([:])
    var isStopped = false
    for event in stream.events {
      if let error = event["error"] { throw ErrorInAnswer(error: error) }
      let start = event["message"]
      if let model = start?["model"] { body["model"] = model }
      for counts in [start?["usage"], event["usage"]] { if let counts { usage = usage.merged(with: counts) } }
      for piece in [event["content_block"], event["delta"]] {
        text.append(piece?["text"])
        thought.append(piece?["thinking"])
        if let reason = piece?["stop_reason"] { body["stop_reason"] = reason }
      }
      isStopped = isStopped || event["type"]?.text == "message_stop"
    }
    guard isStopped || body["stop_reason"] != nil else {
      throw MalformedAnswer("the stream ended before its answer did")
    }
    body["content"] = .array([
      .object(["type": .string("thinking"), "thinking": thought.value]),
      .object(["type": .string("text"), "text": text.value]),
    ])
    body["usage"] = usage
    return .object(body)
  }
}

extension OllamaChat {
  /// The last line has the counts.
  func body(of stream: EventStream) throws -> JSONValue {
    var (content, thought) = (TextPieces(), TextPieces())
    for event in stream.events {
      if let error = event["error"] { throw ErrorInAnswer(error: error) }
      content.append(event["message"]?["content"])
      thought.append(event["message"]?["thinking"])
    }
    guard let last = stream.events.last, last["done"] == .bool(true) else {
      throw MalformedAnswer("the stream ended before its answer did")
    }
    let message = JSONValue.object(["content": content.value, "thinking": thought.value])
    return last.merged(with: .object(["message": message]))
  }
}
