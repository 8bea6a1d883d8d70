import Basics
import Firmware
import Formats
import Lineage
import Model
import Networks
import Vocabularies

/// Continues prompts with one model, wherever it is asked to run.
public struct Talker: Sendable {
  /// Where a model runs.
  public enum Place: Sendable {
    case host(HostEngine)
    /// The C engine as firmware on an emulated core.
    case emulated(Core, firmware: String, buildFolder: String)
  }

  private let model: any RunnableModel
  /// T, positions that attention sees.
  public let context: Int
  public let place: Place

  public init(model: any RunnableModel, context: Int, place: Place) {
    self.model = model
    self.context = context
    self.place = place
  }

  /// What the logits of its answers are.
  public var logitKind: LogitKind { model.logitKind }

  /// - Throws: `HintedError` for settings that its model cannot follow.
  public func check(_ settings: TalkSettings) throws { try model.check(settings) }

  /// Reads a prompt from an empty state and continues it.
  /// - Parameter say: is told of the bytes as they come; an emulated core brings them all at once.
  /// - Throws: `HintedError` for what the engine cannot do; `CancellationError`.
  public func answer(
    _ prompt: [UInt8], _ request: AnswerRequest, say: @Sendable (ArraySlice<UInt8>) -> Void = { _ in }
  ) async throws -> Continuation {
    switch place {
    case .host(let kind):
      var engine = try model.engine(kind, context: context)
      return try engine.continuation(of: prompt, in: model.vocabulary, request, say: say)
    case .emulated(let core, let firmware, let buildFolder):
      if request.needsRouters { throw RouterWatch.blindness }
      let emulated = EmulatedCore(core, model: try model.image(), firmwareFolder: firmware, in: buildFolder)
      let continuation = try await answer(prompt, request, on: emulated)
      say(continuation.output[...])
      return continuation
    }
  }

  private func answer(_ prompt: [UInt8], _ request: AnswerRequest, on core: EmulatedCore) async throws -> Continuation {
    let read = try PromptTokens(prompt, model.vocabulary)
    let (chosen, begun) = try model.healed(read, context: context)
    // Firmware generates at least one token, since it reads a prompt for the sake of what follows.
    let vectors = try VerificationVectors(
      prompts: [read.tokens + chosen], generatedByteCount: max(1, request.byteCount - begun.count),
      contextLength: context, sampling: request.sampling, hasLogits: request.wantsLogits)
    let transcript = try await core.answer(vectors).transcript
    guard let answer = transcript.answers.first else {
      throw HintedError("the emulated core answered nothing", status: .internalFault)
    }
    let logits = answer.logitBits.dropFirst((read.tokens.count - 1) * 256).prefix(256).map(logitKind.logit)
    var (said, room) = (begun, request.byteCount - begun.count)
    for token in answer.generated where room > 0 {
      let bytes = model.vocabulary.tokens[Int(token)]
      said += request.beforeStop(bytes).prefix(room)
      if request.stops(at: bytes) { break }
      room -= model.vocabulary.roomTaken(by: bytes, isHealing: false)
    }
    return Continuation(
      output: Array(said.prefix(request.byteCount)), promptLogits: vectors.hasLogits ? logits : nil,
      unknownByteCount: read.unknownByteCount)
  }
}
