import Basics
import Lineage
import Model
import Networks
import Vocabularies

/// A prompt and what an engine said to it.
public struct Continuation: Sendable {
  /// The bytes that were generated.
  public var output: [UInt8]
  /// The 256 logits at the prompt's last byte; nil where they were not asked for.
  public var promptLogits: [Float]?
  /// Bytes of the prompt that no token of the model stands for; each was read as its unknown token.
  public var unknownByteCount = 0
  /// For each byte of the output, the routers' entropy by layer at the position that predicted it; nil where it was not
  /// asked for.
  public var routerEntropies: [[Double]]?
  /// The routers' mean entropy over the bytes that an abstention looks at; nil where none was asked for.
  public var doubt: Double?
  /// Whether the doubt was too large: the output is empty then.
  public var isAbstention = false

  public init(
    output: [UInt8], promptLogits: [Float]? = nil, unknownByteCount: Int = 0, routerEntropies: [[Double]]? = nil,
    doubt: Double? = nil, isAbstention: Bool = false
  ) {
    self.output = output
    self.promptLogits = promptLogits
    self.unknownByteCount = unknownByteCount
    self.routerEntropies = routerEntropies
    self.doubt = doubt
    self.isAbstention = isAbstention
  }

  /// The output as text; bytes that are no UTF-8 show as U+FFFD.
  public var text: String { String(decoding: output, as: UTF8.self) }
}

/// When to say nothing: the routers' entropy over an answer's first bytes. Specified in docs/guides/talking.md.
public struct Abstention: Hashable, Codable, Sendable {
  /// 0…1; an answer of a larger mean entropy is not given.
  public var limit: Double
  /// How many of the first bytes are looked at.
  public var byteCount: Int

  public init(limit: Double, byteCount: Int = 16) {
    self.limit = limit
    self.byteCount = byteCount
  }
}

/// What is asked of an engine beside a prompt.
public struct AnswerRequest: Sendable {
  /// How many bytes to generate.
  public var byteCount: Int
  /// Nil for the greedy choice.
  public var sampling: Sampling?
  /// Any of them ends generation early; it is no part of the output.
  public var stops: [UInt8]
  /// An emulated core hands logits out only where they are asked for, since it hands out all of them.
  public var wantsLogits = false
  public var wantsEntropies = false
  public var abstention: Abstention?

  public init(byteCount: Int, sampling: Sampling? = nil, stops: [UInt8] = []) {
    self.byteCount = byteCount
    self.sampling = sampling
    self.stops = stops
  }

  func stops(at bytes: [UInt8]) -> Bool { bytes.contains(where: stops.contains) }

  /// A token's bytes up to the one that ends generation.
  func beforeStop(_ bytes: [UInt8]) -> ArraySlice<UInt8> { bytes.prefix { !stops.contains($0) } }

  var needsRouters: Bool { wantsEntropies || abstention != nil }
}

extension LogitSource {
  /// Reads a prompt from an empty state and continues it.
  /// - Parameters:
  ///   - prompt: at least one byte. What its end holds back of a longer token is not read but chosen again: see
  ///     `Healing`. Those choices are the likeliest ones even where the rest is sampled, and are no output.
  ///   - vocabulary: the model's.
  ///   - say: is told of the bytes as they come; of the first ones late, where an abstention has to look at them.
  /// - Throws: `HintedError` for an empty prompt, or routers that an engine does not show; `CancellationError`.
  mutating func continuation(
    of prompt: [UInt8], in vocabulary: Vocabulary, _ request: AnswerRequest,
    say: (ArraySlice<UInt8>) -> Void = { _ in }
  ) throws -> Continuation {
    let read = try PromptTokens(prompt, vocabulary)
    var sampler = try sampler(request.sampling, stream: 0)
    var routers = request.needsRouters ? RouterWatch(request) : nil
    var healing = Healing(vocabulary, rest: read.held)
    reset()
    for token in read.tokens.dropLast() { _ = try step(token) }
    let promptLogits = try step(read.last)
    var (logits, output, saidCount, room) = (promptLogits, [UInt8](), 0, request.byteCount)
    while room > 0 {
      try Task.checkCancellation()
      let wasHealing = !healing.isDone
      let token = wasHealing ? healing.choice(logits) : sampler.next(logits)
      let bytes = healing.consume(token)
      let said = request.beforeStop(bytes).prefix(room)
      for _ in said { try routers?.look(at: self) }
      output += said
      if request.stops(at: bytes) { break }
      room -= vocabulary.roomTaken(by: bytes, isHealing: wasHealing)
      if routers?.isDoubtful(end: false) == true { break }
      if routers?.holdsBack != true {
        say(output[saidCount...])
        saidCount = output.count
      }
      if room > 0 { logits = try step(token) }
    }
    let isAbstention = routers?.isDoubtful(end: true) == true
    if isAbstention { output = [] } else if saidCount < output.count { say(output[saidCount...]) }
    return Continuation(
      output: output, promptLogits: promptLogits, unknownByteCount: read.unknownByteCount,
      routerEntropies: request.wantsEntropies ? routers?.entropies : nil, doubt: routers?.doubt,
      isAbstention: isAbstention)
  }
}

/// The routers' entropy of an answer so far.
struct RouterWatch {
  /// By byte, by layer.
  private(set) var entropies: [[Double]] = []
  private let abstention: Abstention?

  init(_ request: AnswerRequest) { abstention = request.abstention }

  /// - Throws: `HintedError` for an engine that does not show its routers.
  mutating func look(at engine: any LogitSource) throws {
    guard let observed = engine as? any RouterObserving else { throw Self.blindness }
    entropies.append(observed.routerEntropies)
  }

  static let blindness = HintedError(
    "this engine does not show its routers", hint: "use the Swift engine for --entropy and --abstain-above",
    status: .usage)

  /// The mean over the bytes that an abstention looks at, of the mean over layers.
  var doubt: Double? {
    guard let abstention, !entropies.isEmpty else { return nil }
    let looked = entropies.prefix(abstention.byteCount)
    return looked.reduce(0) { $0 + $1.reduce(0, +) / Double(max(1, $1.count)) } / Double(looked.count)
  }

  /// Whether too few bytes have come to judge.
  var holdsBack: Bool { abstention.map { entropies.count < $0.byteCount } ?? false }

  func isDoubtful(end: Bool) -> Bool {
    guard let abstention, let doubt, end || !holdsBack else { return false }
    return doubt > abstention.limit
  }
}
