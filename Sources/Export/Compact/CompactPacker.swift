import Basics
import Formats
import Lineage
import Networks

/// Packs a compact checkpoint into an ATOMEQ02 image, the one form that it is shipped in.
public struct CompactPacker: Sendable {
  public init() {}

  /// - Parameters:
  ///   - checkpointID: the id of the checkpoint's file, which becomes the image's provenance.
  ///   - texts: tokens of held-out text that units are chosen by.
  ///   - tokensPerStep: how many tokens the student reads as one.
  /// - Throws: `HintedError` that names the first tensor with a number that is not finite, and for an image that its
  ///   own reader refuses.
  public func pack(
    _ checkpoint: TrainingCheckpoint<CompactShape>, checkpointID: ContentID, calibratedOn texts: [[UInt8]],
    tokensPerStep: Int = 1
  ) throws -> [UInt8] {
    try check(checkpoint)
    let calibration = try CompactCalibration(of: checkpoint, on: texts, tokensPerStep: tokensPerStep)
    let model = try CompactQuantiser(checkpoint, calibration: calibration).best()
    let image = CompactImageFile.write(
      model, vocabulary: checkpoint.vocabulary, trainedContext: checkpoint.settings.windowTokenCount,
      head: checkpoint.settings.head, provenance: checkpointID)
    guard try CompactImageFile.read(image, name: "the exported image").model == model else {
      throw HintedError("the exported image does not read as it was written", status: .internalFault)
    }
    return image
  }

  private func check(_ checkpoint: TrainingCheckpoint<CompactShape>) throws {
    for tensor in checkpoint.layout.tensors {
      let values = checkpoint.values(of: tensor)
      guard let index = values.firstIndex(where: { !$0.isFinite }) else { continue }
      throw HintedError(
        "the checkpoint's \(tensor.name)[\(index - values.startIndex)] is not a finite number, so it cannot be packed",
        hint: "training diverged; lower the learning rate and train again")
    }
  }
}
