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

  /// - Parameter context: T, positions that attention sees.
  public init(image: LoadedImage, context: Int, place: Place) {
    self.image = image
    self.context = context
    self.place = place
  }

  /// Reads a prompt from an empty state and continues it greedily.
  /// - Parameter stop: ends the continuation early; the byte itself is not part of it.
  public func answer(_ prompt: [UInt8], byteCount: Int, stop: UInt8? = nil) async throws -> Continuation {
    switch place {
    case .host(let kind):
      var engine = try image.engine(kind, context: context)
      return try engine.continuation(of: prompt, count: byteCount, stop: stop)
    case .emulated(let core, let firmware, let buildFolder):
      let emulated = EmulatedCore(core, model: image.bytes, firmwareFolder: firmware, in: buildFolder)
      return try await answer(prompt, byteCount, stop, on: emulated)
    }
  }

  private func answer(
    _ prompt: [UInt8], _ byteCount: Int, _ stop: UInt8?, on core: EmulatedCore
  ) async throws -> Continuation {
    // Firmware generates at least one byte, since its transcript holds the logits that choose it.
    let vectors = try VerificationVectors(
      prompts: [prompt], generatedByteCount: max(1, byteCount), contextLength: context)
    let transcript = try await core.answer(vectors).transcript
    guard let answer = transcript.answers.first, let last = prompt.indices.last else {
      throw HintedError("the emulated core answered nothing", status: .internalFault)
    }
    let logits = answer.logitBits[last * 256..<(last + 1) * 256].map(image.contents.logitKind.logit)
    let output = answer.generated.prefix(byteCount).prefix { $0 != stop }
    return Continuation(output: Array(output), promptLogits: logits)
  }
}
