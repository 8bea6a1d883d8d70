import Basics
import Formats
import Foundation
import Lineage

/// A model that continues a text token by token and shows what its logits say of each token, whatever its tokens are.
/// What a server asks; a talk asks `Talker`.
public protocol SpeakingModel: Sendable {
  /// The file's.
  var id: ContentID { get }
  /// How its name stands in messages.
  var path: String { get }
  /// The bytes that a token stands for.
  func bytes(of token: Int) -> [UInt8]
  /// - Throws: `HintedError` with status `usage` for a prompt that it cannot read.
  func speech(_ request: SpeechRequest) throws -> any Speech
}

/// What is asked of a model that speaks.
public struct SpeechRequest: Sendable {
  public var prompt: [UInt8]
  /// Whether a prompt that ends inside a word is healed; otherwise its end is read as it stands.
  public var isHealed: Bool
  /// 0 is the greedy choice.
  public var temperature: Double
  public var topP: Double
  public var seed: UInt64
  /// Independent answers of one seed.
  public var stream: UInt64

  public init(
    prompt: [UInt8], isHealed: Bool = true, temperature: Double = 0, topP: Double = 1, seed: UInt64 = 0,
    stream: UInt64 = 0
  ) {
    self.prompt = prompt
    self.isHealed = isHealed
    self.temperature = temperature
    self.topP = topP
    self.seed = seed
    self.stream = stream
  }
}

/// A text that is being read and then continued.
public protocol Speech {
  var promptTokenCount: Int { get }
  /// How many tokens can be said; nil for any number.
  var room: Int? { get }
  /// Reads the prompt's next token; nil at its end.
  mutating func read() throws -> SpokenToken?
  /// Says one more token, once the prompt is read.
  mutating func say() throws -> SpokenToken
}

/// A token of a text, and what was expected in its place.
public struct SpokenToken: Sendable {
  /// What it adds to the text. Of the tokens that heal a prompt's end, what goes beyond the prompt.
  public var bytes: [UInt8]
  public var token: Int
  /// Nil before the first token of a text.
  public var distribution: TokenDistribution?
  /// Whether it says that the text has ended; it is no part of it then.
  public var isEnd = false
  /// How many bytes of the prompt's end any token in this place says again first.
  public var heldByteCount = 0
  /// Whether it says nothing else.
  public var isRepetition = false
}

/// What a model's logits say of the next token, without temperature: it is the model's own opinion.
public struct TokenDistribution: Sendable {
  private let logits: [Float]
  /// Nats in a logit of 1.
  private let scale: Double
  /// By token; nil where all are allowed.
  private let allowed: [Bool]?
  private let logNormaliser: Double

  init(logits: [Float], scale: Double, allowed: [Bool]? = nil) {
    self.logits = logits
    self.scale = scale
    self.allowed = allowed
    let nats = logits.indices.filter { allowed?[$0] != false }.map { Double(logits[$0]) * scale }
    let largest = nats.max() ?? 0
    logNormaliser = largest + log(nats.reduce(0) { $0 + exp($1 - largest) })
  }

  /// In nats; minus infinity for a token that is not allowed.
  public func logprob(of token: Int) -> Double {
    allowed?[token] == false ? -.infinity : Double(logits[token]) * scale - logNormaliser
  }

  /// How undecided the model is, in bits: 0 where one token is certain.
  public var entropy: Double {
    let nats = logits.indices.reduce(0.0) { sum, token in
      let logprob = logprob(of: token)
      return logprob.isFinite ? sum - exp(logprob) * logprob : sum
    }
    return max(0, nats / log(2.0))
  }

  /// The likeliest tokens, in order; of equals the smaller first.
  public func likeliest(_ count: Int) -> [(token: Int, logprob: Double)] {
    logits.indices.filter { allowed?[$0] != false }.sorted { (-logits[$0], $0) < (-logits[$1], $1) }.prefix(count)
      .map { ($0, logprob(of: $0)) }
  }
}

extension ModelFile {
  /// The model, ready to speak.
  /// - Throws: `HintedError` for a checkpoint that no engine runs.
  public func speaking() throws -> any SpeakingModel {
    if case .llama(let model, let tokenizer) = content { return SpeakingLlama(model, tokenizer, id: id, path: path) }
    let model = try runnable()
    try model.checkSpeaks()
    return model.speaking
  }
}

extension RunnableModel {
  /// A model of 256 tokens, ready to speak.
  public var speaking: any SpeakingModel { SpeakingStudent(self) }
}
