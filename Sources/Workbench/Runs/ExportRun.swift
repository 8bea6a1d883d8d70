import Basics
import Export
import Formats
import Lineage

/// One export: a checkpoint's file to an image's file.
public struct ExportRun: Sendable {
  public var checkpoint: String
  public var output: String

  public init(checkpoint: String, output: String) {
    self.checkpoint = checkpoint
    self.output = output
  }

  /// - Returns: the image's bytes, as they lie in `output`.
  /// - Throws: `HintedError` for a damaged checkpoint, or one whose training diverged.
  @discardableResult
  public func run() throws -> [UInt8] {
    let bytes = try AtomicFile.read(checkpoint)
    let image = try AtomePacker().pack(
      try Checkpoint(decoding: bytes, name: checkpoint), checkpointID: ContentID(of: bytes))
    try AtomicFile.write(image, to: output)
    return image
  }
}
