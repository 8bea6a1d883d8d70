import Basics
import Lineage
import Networks
import Vocabularies

/// Any model of 256 tokens: an image, a checkpoint, a plain GPT. Its oldest positions are forgotten, so it never runs
/// out of room.
struct SpeakingStudent: SpeakingModel {
  private let model: any RunnableModel
  private let encoder: TokenEncoder

  init(_ model: any RunnableModel) {
    self.model = model
    encoder = TokenEncoder(model.vocabulary)
  }

  var id: ContentID { model.id }
  var path: String { model.path }
  func bytes(of token: Int) -> [UInt8] { model.vocabulary.tokens[token] }

  func speech(_ request: SpeechRequest) throws -> any Speech {
    let engine = try model.engine(model.shippedEngine, context: model.defaultContext)
    return try StudentSpeech(
      engine: engine, sampler: engine.sampler(try request.sampling(), stream: request.stream),
      prompt: PromptTokens(request.prompt, encoder, isHealed: request.isHealed), vocabulary: model.vocabulary)
  }
}

extension SpeechRequest {
  /// In thousandths, within their limits; nil for the greedy choice.
  fileprivate func sampling() throws -> Sampling? {
    guard temperature > 0 else { return nil }
    func thousandths(_ value: Double, in range: ClosedRange<Int>) -> Int {
      min(max(Int((value * 1000).rounded()), range.lowerBound), range.upperBound)
    }
    return try Sampling(
      temperature: thousandths(temperature, in: Sampling.temperatures), topP: thousandths(topP, in: Sampling.topPs),
      seed: seed)
  }
}

private struct StudentSpeech: Speech {
  private var engine: any LogitSource
  private var sampler: any ByteSampler
  private let prompt: PromptTokens
  private let vocabulary: Vocabulary
  private var healing: Healing
  private var readCount = 0
  /// After the last token that was read.
  private var logits: [Float] = []
  /// Said and not yet read: an engine need not read what nothing follows.
  private var unread: UInt8?

  init(engine: any LogitSource, sampler: any ByteSampler, prompt: PromptTokens, vocabulary: Vocabulary) {
    self.engine = engine
    self.sampler = sampler
    self.prompt = prompt
    self.vocabulary = vocabulary
    healing = Healing(vocabulary, rest: prompt.held)
  }

  var promptTokenCount: Int { prompt.tokens.count }
  var room: Int? { nil }

  mutating func read() throws -> SpokenToken? {
    guard readCount < prompt.tokens.count else { return nil }
    let token = prompt.tokens[readCount]
    let expected = readCount == 0 ? nil : TokenDistribution(logits: logits, scale: engine.logitKind.scale)
    logits = try engine.step(token)
    readCount += 1
    return SpokenToken(bytes: vocabulary.tokens[Int(token)], token: Int(token), distribution: expected)
  }

  mutating func say() throws -> SpokenToken {
    if let unread { logits = try engine.step(unread) }
    let (isHealing, heldByteCount) = (!healing.isDone, healing.rest.count)
    let expected = TokenDistribution(
      logits: logits, scale: engine.logitKind.scale, allowed: isHealing ? healing.allowed : nil)
    let token = isHealing ? healing.choice(logits) : sampler.next(logits)
    unread = token
    let bytes = healing.consume(token)
    return SpokenToken(
      bytes: bytes, token: Int(token), distribution: expected, isEnd: bytes == [Document.separatorByte],
      heldByteCount: heldByteCount, isRepetition: isHealing && bytes.isEmpty)
  }
}
