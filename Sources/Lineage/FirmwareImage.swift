import Basics

/// A program for a core with a model in it: noun 8.
public struct FirmwareImage: Hashable, Sendable {
  /// Of the ELF file.
  public var id: ContentID
  /// The folder name under `firmware/boards`.
  public var board: String
  /// The ELF file.
  public var path: String
  /// Code, model and vectors.
  public var flashByteCount: Int
  /// Stack, the engine's memory and all variables.
  public var ramByteCount: Int

  public init(id: ContentID, board: String, path: String, flashByteCount: Int, ramByteCount: Int) {
    self.id = id
    self.board = board
    self.path = path
    self.flashByteCount = flashByteCount
    self.ramByteCount = ramByteCount
  }
}
