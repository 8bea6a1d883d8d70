import Basics
import Formats
import Lineage

/// Packs a checkpoint into an ATOME01 or ATOME02 image: the border between training, which may compute as it likes, and
/// the arithmetic contract. The trits and scales are those that the trainer's own forward pass used.
public struct AtomePacker: Sendable {
  public init() {}

  /// - Parameter checkpointID: the id of the checkpoint's file, which becomes the image's provenance.
  /// - Throws: `HintedError` that names the first tensor with a number that is not finite.
  public func pack(
    _ checkpoint: Checkpoint, checkpointID: ContentID, packing: AtomePacking = .atome01
  ) throws -> [UInt8] {
    try check(checkpoint)
    return AtomeImageFile.write(
      checkpoint.model, packing: packing, vocabulary: checkpoint.vocabulary,
      trainedContext: checkpoint.settings.windowTokenCount, provenance: checkpointID)
  }

  /// - Throws: `HintedError` that names the first tensor with a number that is not finite, and for an ablated model,
  ///   which no engine runs.
  public func check(_ checkpoint: Checkpoint) throws {
    try checkpoint.checkWhole()
    for tensor in checkpoint.layout.tensors {
      guard let index = checkpoint.values(of: tensor).firstIndex(where: { !$0.isFinite }) else { continue }
      let place = index - checkpoint.values(of: tensor).startIndex
      throw HintedError(
        "the checkpoint's \(tensor.name)[\(place)] is not a finite number, so it cannot be packed",
        hint: "training diverged; lower the learning rate and train again")
    }
  }
}
