import Basics
import Export
import Formats
import Networks

/// A file with a model to talk to: an image, or a checkpoint of any architecture.
public enum TalkModelFile {
  /// - Parameter shape: of a foreign image that does not say its own.
  /// - Throws: `HintedError` for a file that is damaged, or no model.
  public static func read(_ path: String, shape: AtomeShape? = nil) throws -> any TalkModel {
    let file = try AtomicFile.read(path)
    guard file.starts(with: CheckpointFile.magic) else { return try LoadedImage(path: path, shape: shape) }
    if shape != nil {
      throw HintedError(
        "\(path) is a checkpoint, which says its own shape", hint: "leave --shape and --preset out", status: .usage)
    }
    switch try CheckpointFile.architecture(of: file, name: path) {
    case .gpt: return LoadedGPT(try GPTCheckpoint(decoding: file, name: path), path: path, id: ContentID(of: file))
    case .atome: return try LoadedImage(checkpoint: file, path: path)
    }
  }
}

extension LoadedImage {
  /// The float image that a checkpoint would be exported to; its id is the checkpoint's.
  fileprivate init(checkpoint file: [UInt8], path: String) throws {
    id = ContentID(of: file)
    bytes = try AtomePacker().pack(try Checkpoint(decoding: file, name: path), checkpointID: id)
    contents = try ModelImage(reading: bytes, name: path)
    self.path = path
  }
}
