import Basics

/// The shapes of OpenAI's answers, whole and in chunks, with one field of our own: a choice's `labels`.
struct CompletionFrame: Sendable {
  let isChat: Bool
  let id: String
  let model: String
  let fingerprint: String?
  let hasLogprobs: Bool
  /// Whether chunks tell the usage, at the end.
  let includesUsage: Bool

  /// - Parameter body: the id of the request's canonical JSON.
  init(_ request: CompletionRequest, body: ContentID, fingerprint: String?) {
    isChat = request.endpoint == .chat
    id = (isChat ? "chatcmpl-" : "cmpl-") + body.hex.prefix(24)
    model = request.model
    self.fingerprint = fingerprint
    hasLogprobs = request.questions.contains { $0.alternativeCount != nil }
    includesUsage = request.includesUsage
  }

  /// `created` is always 0: the same question gets the same bytes.
  private func envelope(_ object: String, _ choices: [JSONValue], _ usage: JSONValue?) -> JSONValue {
    var fields: [String: JSONValue] = [
      "id": .string(id), "object": .string(object), "created": .count(0), "model": .string(model),
      "choices": .array(choices),
    ]
    if let fingerprint { fields["system_fingerprint"] = .string(fingerprint) }
    if let usage { fields["usage"] = usage }
    return .object(fields)
  }

  // MARK: - At once

  func whole(_ choices: [FinishedChoice], promptTokenCount: Int) -> JSONValue {
    envelope(
      isChat ? "chat.completion" : "text_completion", choices.map(choice),
      usage(promptTokenCount, choices.reduce(0) { $0 + $1.ending.tokenCount }))
  }

  private func choice(_ choice: FinishedChoice) -> JSONValue {
    var fields = ending(choice.index, choice.ending)
    fields["logprobs"] = logprobs(choice.tokens, offset: 0)
    if isChat {
      fields["message"] = .object([
        "role": .string("assistant"), "content": .string(choice.text), "refusal": .null,
      ])
    } else {
      fields["text"] = .string(choice.text)
    }
    return .object(fields)
  }

  private func ending(_ index: Int, _ ending: AnswerEndings.Ending) -> [String: JSONValue] {
    var fields: [String: JSONValue] = [
      "index": .count(index), "finish_reason": .string(ending.isCut ? "length" : "stop"), "logprobs": .null,
    ]
    if let labels = ending.labels {
      fields["labels"] = .array(labels.map { .object($0.mapValues(JSONValue.string)) })
    }
    return fields
  }

  private func usage(_ prompt: Int, _ completion: Int) -> JSONValue {
    .object([
      "prompt_tokens": .count(prompt), "completion_tokens": .count(completion),
      "total_tokens": .count(prompt + completion),
    ])
  }

  // MARK: - In chunks

  private func chunk(_ choices: [JSONValue], usage: JSONValue? = nil) -> JSONValue {
    envelope(isChat ? "chat.completion.chunk" : "text_completion", choices, usage ?? (includesUsage ? .null : nil))
  }

  /// The first chunk of a chat's answer.
  func opening(_ index: Int) -> JSONValue {
    chunk([
      .object([
        "index": .count(index), "finish_reason": .null, "logprobs": .null,
        "delta": .object(["role": .string("assistant"), "content": .string("")]),
      ])
    ])
  }

  /// - Parameter offset: characters of the answer before this piece.
  func chunk(_ piece: AnswerPiece, offset: Int) -> JSONValue {
    var fields: [String: JSONValue] = [
      "index": .count(piece.index), "finish_reason": .null, "logprobs": logprobs(piece.tokens, offset: offset),
    ]
    if isChat {
      fields["delta"] = .object(["content": .string(piece.text)])
    } else {
      fields["text"] = .string(piece.text)
    }
    return chunk([.object(fields)])
  }

  func closing(_ index: Int, _ ending: AnswerEndings.Ending) -> JSONValue {
    var fields = self.ending(index, ending)
    if isChat { fields["delta"] = .object([:]) } else { fields["text"] = .string("") }
    return chunk([.object(fields)])
  }

  func usageChunk(promptTokenCount: Int, completionTokenCount: Int) -> JSONValue {
    chunk([], usage: usage(promptTokenCount, completionTokenCount))
  }
}

/// An answer with all its pieces.
struct FinishedChoice {
  var index: Int
  var text = ""
  var tokens: [AnswerToken] = []
  var ending = AnswerEndings.Ending(isCut: false, tokenCount: 0)
}

// MARK: - Log probabilities

extension CompletionFrame {
  private func logprobs(_ tokens: [AnswerToken], offset: Int) -> JSONValue {
    guard hasLogprobs else { return .null }
    return isChat ? chatLogprobs(tokens) : textLogprobs(tokens, offset)
  }

  private func chatLogprobs(_ tokens: [AnswerToken]) -> JSONValue {
    func entry(_ bytes: [UInt8], _ logprob: Double?) -> [String: JSONValue] {
      [
        "token": .string(String(decoding: bytes, as: UTF8.self)), "logprob": .logprob(logprob ?? 0),
        "bytes": .array(bytes.map { .count(Int($0)) }),
      ]
    }
    let content = tokens.map { token in
      var fields = entry(token.bytes, token.logprob)
      fields["top_logprobs"] = .array(token.alternatives.map { .object(entry($0.bytes, $0.logprob)) })
      return JSONValue.object(fields)
    }
    return .object(["content": .array(content), "refusal": .null])
  }

  private func textLogprobs(_ tokens: [AnswerToken], _ offset: Int) -> JSONValue {
    var (bytes, offsets) = ([UInt8](), [JSONValue]())
    for token in tokens {
      offsets.append(.count(offset + String(decoding: bytes, as: UTF8.self).unicodeScalars.count))
      bytes += token.bytes
    }
    return .object([
      "tokens": .array(tokens.map { .string(Self.name($0.bytes)) }),
      "token_logprobs": .array(tokens.map { $0.logprob.map(JSONValue.logprob) ?? .null }),
      "top_logprobs": .array(
        tokens.map { token in
          guard token.logprob != nil, !token.alternatives.isEmpty else { return .null }
          let named = token.alternatives.map { (Self.name($0.bytes), JSONValue.logprob($0.logprob)) }
          return .object(Dictionary(named, uniquingKeysWith: { first, _ in first }))
        }),
      "text_offset": .array(offsets),
    ])
  }

  /// Text, or `bytes:\xe2\x82` for a token that is none by itself.
  static func name(_ bytes: [UInt8]) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    return "bytes:" + bytes.map { "\\x" + [$0].hexString }.joined()
  }
}

extension JSONValue {
  static func count(_ count: Int) -> JSONValue { .number(String(count)) }
  /// What has no probability has -9999, as in the API.
  static func logprob(_ value: Double) -> JSONValue { .number("\(max(value, -9999))") }
}
