import Basics
import Firmware
import Formats
import Networks
import Vocabularies

extension RunnableModel {
  /// Asks many requests on an emulated core, each from an empty state, greedily: one firmware, started once.
  ///
  /// A firmware continues every prompt by as many tokens. These are as many as the C engine here needs for the longest
  /// of its replies; one that would go on for longer on the core is cut, and so not complete.
  /// - Parameters:
  ///   - firmware: the engine's sources.
  ///   - buildFolder: for what is built.
  ///   - context: T; nil for the model's own.
  ///   - byteLimit: the most bytes of a reply.
  ///   - threadCount: of the C engine here; no part of the result; all cores when nil.
  /// - Throws: `HintedError` for a model that no image holds, a tool that is missing, or a core that stops.
  public func replies(
    to requests: [[UInt8]], on core: Core, firmware: String, buildFolder: String, context: Int? = nil, byteLimit: Int,
    threadCount: Int? = nil
  ) async throws -> [ModelReply] {
    guard !requests.isEmpty else { return [] }
    let context = context ?? defaultContext
    let encoder = TokenEncoder(vocabulary)
    let prompts = try requests.map { request in
      let read = try PromptTokens(request, encoder)
      return (read: read, healing: try healed(read, context: context).tokens)
    }
    let here = try await replies(
      to: requests, on: .c, context: context, byteLimit: byteLimit, threadCount: threadCount)
    // Firmware generates at least one token.
    let generatedCount = zip(here, prompts).reduce(1) { max($0, $1.0.tokenCount - $1.1.healing.count) }
    let vectors = try VerificationVectors(
      prompts: prompts.map { $0.read.tokens + $0.healing }, generatedByteCount: generatedCount, contextLength: context,
      hasLogits: false)
    let answers = try await EmulatedCore(core, model: try image(), firmwareFolder: firmware, in: buildFolder)
      .answer(vectors).transcript.answers
    return zip(prompts, answers).map { prompt, answer in
      var listener = ReplyListener(to: prompt.read, in: vocabulary, byteLimit: byteLimit)
      for token in prompt.healing + answer.generated where !listener.isDone { listener.hear(token) }
      return listener.reply
    }
  }

  /// What heals a prompt's end, chosen by the C engine of this process, whose bits are the core's: vectors have no word
  /// for it.
  func healed(_ read: PromptTokens, context: Int) throws -> (tokens: [UInt8], output: [UInt8]) {
    var healing = Healing(vocabulary, rest: read.held)
    guard !healing.isDone else { return ([], []) }
    var engine = try engine(.c, context: context)
    var logits: [Float] = []
    for token in read.tokens { logits = try engine.step(token) }
    var (tokens, output): ([UInt8], [UInt8]) = ([], [])
    while !healing.isDone {
      let token = healing.choice(logits)
      tokens.append(token)
      output += healing.consume(token)
      logits = try engine.step(token)
    }
    return (tokens, output)
  }
}
