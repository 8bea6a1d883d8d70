import Basics

/// The body of `POST /v1/chat/completions` or `POST /v1/completions`, checked: what it asks for is done or refused, and
/// nothing of it is passed over in silence.
struct CompletionRequest {
  enum Endpoint: String {
    case chat = "/v1/chat/completions"
    case text = "/v1/completions"
  }

  static let answerCounts = 1...128
  static let tokenCounts = 0...1_000_000

  var endpoint: Endpoint
  var model: String
  /// One for each prompt.
  var questions: [ServedQuestion]
  var isStreamed: Bool
  /// Whether a stream ends with the count of tokens.
  var includesUsage: Bool

  /// - Throws: `APIError` with status 400.
  init(_ body: [UInt8], for endpoint: Endpoint, hasLogprobs: Bool) throws {
    var fields = try FieldReader(body)
    self.endpoint = endpoint
    guard let model = try fields.text("model") else {
      throw APIError.malformed("'model' is missing", parameter: "model")
    }
    self.model = model
    let prompts = try Self.prompts(from: &fields, for: endpoint)
    let asked = try Self.question(from: &fields, for: endpoint)
    questions = prompts.map { prompt in
      var question = asked
      question.prompt = prompt
      return question
    }
    isStreamed = try fields.flag("stream") ?? false
    includesUsage = try Self.includesUsage(&fields, isStreamed: isStreamed)
    try fields.refuseUnsupported()
    try fields.checkEmpty()
    if asked.alternativeCount != nil, !hasLogprobs {
      throw APIError.unsupported("this model has no log probabilities", parameter: "logprobs")
    }
    guard prompts.count * asked.answerCount <= Self.answerCounts.upperBound else {
      throw APIError.malformed(
        "\(prompts.count) prompts with \(asked.answerCount) answers each; at most 128 answers", parameter: "prompt")
    }
  }

  private static func question(from fields: inout FieldReader, for endpoint: Endpoint) throws -> ServedQuestion {
    var question = ServedQuestion(prompt: .text(""))
    question.answerCount = try fields.whole("n", in: answerCounts) ?? 1
    // A seed's bits matter, not its sign.
    question.seed = try fields.whole("seed", in: Int64.min...Int64.max).map { UInt64(bitPattern: $0) }
    question.temperature = try fields.number("temperature", in: 0...2) ?? 1
    question.topP = try fields.number("top_p", in: 0...1) ?? 1
    question.stops = try stops(&fields)
    question.isEchoed = endpoint == .text ? try fields.flag("echo") ?? false : false
    question.maxTokens = try maxTokens(&fields)
    if question.maxTokens == 0, !question.isEchoed {
      throw APIError.malformed("'max_tokens' is 0, which asks for nothing without 'echo'", parameter: "max_tokens")
    }
    question.alternativeCount = try alternativeCount(&fields, endpoint)
    return question
  }

  private static func maxTokens(_ fields: inout FieldReader) throws -> Int? {
    let (old, new) = (
      try fields.whole("max_tokens", in: tokenCounts), try fields.whole("max_completion_tokens", in: tokenCounts)
    )
    if let old, let new, old != new {
      throw APIError.malformed(
        "'max_tokens' and 'max_completion_tokens' contradict each other", parameter: "max_tokens")
    }
    return new ?? old
  }

  /// Chat says whether and how many, completions say how many.
  private static func alternativeCount(_ fields: inout FieldReader, _ endpoint: Endpoint) throws -> Int? {
    guard endpoint == .chat else { return try fields.whole("logprobs", in: 0...5) }
    let (isAsked, count) = (try fields.flag("logprobs") ?? false, try fields.whole("top_logprobs", in: 0...20))
    if count != nil, !isAsked {
      throw APIError.malformed("'top_logprobs' wants 'logprobs' to be true", parameter: "top_logprobs")
    }
    return isAsked ? count ?? 0 : nil
  }

  private static func stops(_ fields: inout FieldReader) throws -> [String] {
    let stops: [String]
    switch fields.take("stop") {
    case nil: return []
    case .string(let text): stops = [text]
    case .array(let items) where items.allSatisfy { $0.text != nil }: stops = items.compactMap(\.text)
    default: throw FieldReader.wrongType("stop")
    }
    guard stops.count <= 4, stops.allSatisfy({ !$0.isEmpty && $0.utf8.count <= 1024 }) else {
      throw APIError.malformed("'stop' takes up to 4 texts of 1 to 1024 bytes", parameter: "stop")
    }
    return stops
  }

  private static func includesUsage(_ fields: inout FieldReader, isStreamed: Bool) throws -> Bool {
    guard let options = fields.take("stream_options") else { return false }
    guard isStreamed, let members = options.members else {
      throw APIError.malformed("'stream_options' is an object beside 'stream': true", parameter: "stream_options")
    }
    for name in members.keys.sorted() where !["include_usage", "include_obfuscation"].contains(name) {
      throw APIError.unknownField("stream_options.\(name)")
    }
    return members["include_usage"] == .bool(true)
  }
}

extension FieldReader {
  /// What the API has and no model here, where it asks for more than nothing; and fields that are about something else
  /// than the answer.
  fileprivate mutating func refuseUnsupported() throws {
    let isEmpty = { (value: JSONValue) in value.items?.isEmpty == true || value.members?.isEmpty == true }
    for name in ["tools", "functions"] { try refuse(name, "there are no tools here", unless: isEmpty) }
    for name in ["tool_choice", "function_call"] {
      try refuse(name, "there are no tools here") { ["none", "auto"].contains($0.text) }
    }
    try refuse("response_format", "answers are plain text here") { $0["type"]?.text == "text" }
    try refuse("modalities", "answers are plain text here") { $0 == .array([.string("text")]) }
    for name in ["audio", "prediction", "web_search_options"] { try refuse(name, "not here") { _ in false } }
    for name in ["frequency_penalty", "presence_penalty"] {
      try refuse(name, "there are no penalties here") { $0.isNumber(0) }
    }
    try refuse("logit_bias", "logits are not changed here", unless: isEmpty)
    try refuse("suffix", "texts are continued at their end here") { $0.text == "" }
    try refuse("best_of", "every answer is sent") { $0.isNumber(1) }
    try refuse("store", "nothing is stored here") { $0 == .bool(false) }
    for name in ["reasoning_effort", "verbosity"] { try refuse(name, "there is no such thing here") { _ in false } }
    for name in [
      "user", "metadata", "service_tier", "safety_identifier", "prompt_cache_key", "prompt_cache_retention",
      "parallel_tool_calls",
    ] { _ = take(name) }
  }
}

extension JSONValue {
  fileprivate func isNumber(_ value: Double) -> Bool {
    if case .number(let digits) = self { Double(digits) == value } else { false }
  }
}
