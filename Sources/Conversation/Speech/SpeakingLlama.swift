import Basics
import Formats
import Model

/// A llama2.c model: it has positions for so many tokens, and says when its text has ended.
struct SpeakingLlama: SpeakingModel {
  let id: ContentID
  let path: String
  private let model: LlamaModel
  private let tokenizer: LlamaTokenizer

  init(_ model: LlamaModel, _ tokenizer: LlamaTokenizer, id: ContentID, path: String) {
    self.id = id
    self.path = path
    self.model = model
    self.tokenizer = tokenizer
  }

  func bytes(of token: Int) -> [UInt8] { tokenizer.bytes(of: token) }

  func speech(_ request: SpeechRequest) throws -> any Speech {
    let prompt = tokenizer.encode(request.prompt)
    let room = model.shape.contextLength - 1 - prompt.count
    guard room > 0 else {
      throw HintedError(
        "the prompt has \(prompt.count) tokens; the model has positions for \(model.shape.contextLength)",
        hint: "send a shorter one", status: .usage)
    }
    let random = SeededGenerator(seed: request.seed).stream(request.stream)
    return LlamaSpeech(
      engine: LlamaEngine(model: model), tokenizer: tokenizer, prompt: prompt, room: room,
      sampler: LlamaSampler(temperature: request.temperature, topP: request.topP, random: random))
  }
}

private struct LlamaSpeech: Speech {
  private var engine: LlamaEngine
  private let tokenizer: LlamaTokenizer
  private let prompt: [Int]
  private var sampler: LlamaSampler
  let room: Int?
  private var readCount = 0
  private var logits: [Float]
  /// Said and not yet read: there may be no position left for it.
  private var unread: Int?
  /// Encoding puts a space in front of a text.
  private var isAtStart = true

  init(engine: LlamaEngine, tokenizer: LlamaTokenizer, prompt: [Int], room: Int, sampler: LlamaSampler) {
    self.engine = engine
    self.tokenizer = tokenizer
    self.prompt = prompt
    self.room = room
    self.sampler = sampler
    logits = self.engine.step(LlamaTokenizer.start)
  }

  var promptTokenCount: Int { prompt.count }

  mutating func read() -> SpokenToken? {
    guard readCount < prompt.count else { return nil }
    let token = spoken(prompt[readCount])
    logits = engine.step(prompt[readCount])
    readCount += 1
    return token
  }

  mutating func say() -> SpokenToken {
    if let unread { logits = engine.step(unread) }
    let token = sampler.next(logits)
    unread = token
    return spoken(token)
  }

  private mutating func spoken(_ token: Int) -> SpokenToken {
    let isEnd = LlamaTokenizer.ends.contains(token)
    let bytes = isAtStart ? tokenizer.text(of: [token]) : tokenizer.bytes(of: token)
    isAtStart = false
    return SpokenToken(
      bytes: bytes, token: token, distribution: TokenDistribution(logits: logits, scale: 1), isEnd: isEnd)
  }
}
