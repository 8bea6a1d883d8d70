import Basics
import Formats
import Networks

/// An architecture whose checkpoints run without being exported first.
public protocol RunnableShape: StoredShape {
  /// - Parameter file: what the checkpoint was read from.
  /// - Throws: `HintedError` for a checkpoint that no engine runs.
  static func runnable(_ checkpoint: TrainingCheckpoint<Self>, of file: ModelFile) throws -> any RunnableModel
}

extension ModelFile {
  /// The model, ready to run.
  /// - Throws: `HintedError` for a checkpoint that no engine runs.
  public func runnable() throws -> any RunnableModel {
    switch content {
    case .image(let image): LoadedImage(image, of: self)
    case .llama(let model, let tokenizer): LoadedLlama(model, tokenizer, of: self)
    case .checkpoint(let checkpoint): try Self.runnable(checkpoint, of: self)
    }
  }

  private static func runnable(_ checkpoint: some StoredCheckpoint, of file: ModelFile) throws -> any RunnableModel {
    guard let shape = type(of: checkpoint.shape) as? any RunnableShape.Type else {
      throw HintedError("\(file.path) is a checkpoint that nothing here runs", hint: "`alambic inspect` reads it")
    }
    return try shape.runnable(any: checkpoint, of: file)
  }
}

extension RunnableShape {
  fileprivate static func runnable(any checkpoint: any StoredCheckpoint, of file: ModelFile) throws
    -> any RunnableModel
  {
    guard let checkpoint = checkpoint as? TrainingCheckpoint<Self> else {
      throw HintedError("\(file.path): its checkpoint contradicts its shape", status: .internalFault)
    }
    return try runnable(checkpoint, of: file)
  }
}

extension AtomeShape: RunnableShape {
  /// As the float image that it would be exported to; its id is the checkpoint's.
  public static func runnable(_ checkpoint: Checkpoint, of file: ModelFile) throws -> any RunnableModel {
    try LoadedImage(packing: checkpoint, of: file)
  }
}

extension CompactShape: RunnableShape {
  public static func runnable(
    _ checkpoint: TrainingCheckpoint<CompactShape>, of file: ModelFile
  ) throws -> any RunnableModel {
    try checkpoint.checkWhole()
    return LoadedCompact(checkpoint, path: file.path, id: file.id)
  }
}

extension GPTShape: RunnableShape {
  public static func runnable(_ checkpoint: GPTCheckpoint, of file: ModelFile) throws -> any RunnableModel {
    LoadedGPT(checkpoint, path: file.path, id: file.id)
  }
}
