import Basics
import Firmware
import Formats
import Lineage
import Model

/// Continues prompts with one image, wherever it is asked to run.
public struct Talker: Sendable {
  /// Where a model runs.
  public enum Place: Sendable {
    case host(HostEngine)
    /// The C engine as firmware on an emulated core.
    case emulated(Core, firmware: String, buildFolder: String)
  }

  private let image: LoadedImage
  private let context: Int
  private let place: Place
  private let sampling: Sampling?

  /// - Parameters:
  ///   - context: T, positions that attention sees.
  ///   - sampling: nil for the greedy choice.
  public init(image: LoadedImage, context: Int, place: Place, sampling: Sampling? = nil) {
    self.image = image
    self.context = context
    self.place = place
    self.sampling = sampling
  }

  /// What the logits of its answers are.
  public var logitKind: LogitKind { image.contents.logitKind }

  /// Reads a prompt from an empty state and continues it.
  /// - Parameters:
  ///   - stop: ends the continuation early; the byte itself is not part of it.
  ///   - wantsLogits: an emulated core hands logits out only where they are asked for, since it hands out all of them.
  public func answer(
    _ prompt: [UInt8], byteCount: Int, stop: UInt8? = nil, wantsLogits: Bool = false
  ) async throws -> Continuation {
    switch place {
    case .host(let kind):
      var engine = try image.engine(kind, context: context)
      return try engine.continuation(of: prompt, count: byteCount, sampling: sampling, stop: stop)
    case .emulated(let core, let firmware, let buildFolder):
      let emulated = EmulatedCore(core, model: image.bytes, firmwareFolder: firmware, in: buildFolder)
      // Firmware generates at least one byte, since it reads a prompt for the sake of what follows.
      let vectors = try VerificationVectors(
        prompts: [prompt], generatedByteCount: max(1, byteCount), contextLength: context, sampling: sampling,
        hasLogits: wantsLogits)
      return try await answer(vectors, byteCount, stop, on: emulated)
    }
  }

  private func answer(
    _ vectors: VerificationVectors, _ byteCount: Int, _ stop: UInt8?, on core: EmulatedCore
  ) async throws -> Continuation {
    let transcript = try await core.answer(vectors).transcript
    guard let answer = transcript.answers.first, let last = vectors.prompts.first?.indices.last else {
      throw HintedError("the emulated core answered nothing", status: .internalFault)
    }
    let logits = answer.logitBits.dropFirst(last * 256).prefix(256).map(logitKind.logit)
    let output = answer.generated.prefix(byteCount).prefix { $0 != stop }
    return Continuation(output: Array(output), promptLogits: vectors.hasLogits ? logits : nil)
  }
}
