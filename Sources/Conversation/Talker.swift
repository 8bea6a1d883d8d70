import Basics
import Firmware
import Formats
import Model
import Networks

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
      return try engine.continuation(of: prompt, request, say: say)
    case .emulated(let core, let firmware, let buildFolder):
      if request.needsRouters { throw RouterWatch.blindness }
      let emulated = EmulatedCore(core, model: try model.image(), firmwareFolder: firmware, in: buildFolder)
      // Firmware generates at least one byte, since it reads a prompt for the sake of what follows.
      let vectors = try VerificationVectors(
        prompts: [prompt], generatedByteCount: max(1, request.byteCount), contextLength: context,
        sampling: request.sampling, hasLogits: request.wantsLogits)
      let continuation = try await answer(vectors, request, on: emulated)
      say(continuation.output[...])
      return continuation
    }
  }

  private func answer(
    _ vectors: VerificationVectors, _ request: AnswerRequest, on core: EmulatedCore
  ) async throws -> Continuation {
    let transcript = try await core.answer(vectors).transcript
    guard let answer = transcript.answers.first, let last = vectors.prompts.first?.indices.last else {
      throw HintedError("the emulated core answered nothing", status: .internalFault)
    }
    let logits = answer.logitBits.dropFirst(last * 256).prefix(256).map(logitKind.logit)
    let output = answer.generated.prefix(request.byteCount).prefix { $0 != request.stop }
    return Continuation(output: Array(output), promptLogits: vectors.hasLogits ? logits : nil)
  }
}
