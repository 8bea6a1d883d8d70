import Basics
import Foundation
import Networks

/// A file with a model in it: what it is, and what can be done with it. Every command that is given one asks here.
public struct ModelFile: Sendable {
  /// Which kind of file it is, as its first bytes say.
  public enum Kind: Hashable, Sendable {
    /// ATOME01, ATOME02 or ATOMEQ01.
    case image
    case checkpoint
  }

  public enum Content: Sendable {
    case image(ModelImage)
    case checkpoint(any StoredCheckpoint)
    /// A llama2.c model, with the tokens of a file of its own.
    case llama(LlamaModel, LlamaTokenizer)
  }

  public var path: String
  /// The file as it lies on disk.
  public var bytes: [UInt8]
  public var content: Content

  /// The id of the file as it lies on disk.
  public var id: ContentID { ContentID(of: bytes) }

  /// Reads and checks a file.
  /// - Parameters:
  ///   - path: the file's.
  ///   - shape: of a foreign image that does not say its own.
  ///   - tokenizer: the tokens of a llama2.c model; with it, the file is one.
  /// - Throws: `HintedError` for a file that is missing, damaged, without a shape, or no model.
  public init(reading path: String, shape: AtomeShape? = nil, tokenizer: String? = nil) throws {
    try self.init(try AtomicFile.read(path), path: path, shape: shape, tokenizer: tokenizer)
  }

  /// The same for bytes that were read already.
  public init(_ bytes: [UInt8], path: String, shape: AtomeShape? = nil, tokenizer: String? = nil) throws {
    self.path = path
    self.bytes = bytes
    if let tokenizer {
      content = try Self.llama(bytes, path, tokenizer)
    } else if Self.kind(of: bytes) == .checkpoint {
      try Self.refuse(shape, for: path)
      content = .checkpoint(try CheckpointFile.read(bytes, name: path))
    } else {
      content = .image(try ModelImage(reading: bytes, name: path, shape: shape))
    }
  }

  private static func llama(_ bytes: [UInt8], _ path: String, _ tokenizer: String) throws -> Content {
    let model = try LlamaModel(decoding: bytes, name: path)
    return .llama(
      model,
      try LlamaTokenizer(decoding: try AtomicFile.read(tokenizer), count: model.shape.vocabularySize, name: tokenizer))
  }

  private static func refuse(_ shape: AtomeShape?, for path: String) throws {
    guard shape != nil else { return }
    throw HintedError(
      "\(path) is a checkpoint, which says its own shape", hint: "leave --shape and --preset out", status: .usage)
  }
}

// MARK: - Which kind

extension ModelFile {
  /// What first bytes say; nil for no kind that says so.
  public static func kind(of bytes: some Collection<UInt8>) -> Kind? {
    if bytes.starts(with: CheckpointFile.magic) { return .checkpoint }
    return bytes.starts(with: Array("ATOME".utf8)) ? .image : nil
  }

  /// The same for a file, of which only the beginning is read; nil for one that cannot be.
  public static func kind(ofFile path: String) -> Kind? {
    guard let file = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? file.close() }
    return (try? file.read(upToCount: CheckpointFile.magic.count)).flatMap { kind(of: $0) }
  }

  /// Reads a file that must be a checkpoint, of whichever architecture.
  /// - Throws: `HintedError` for a file that is missing, damaged or none.
  public static func checkpoint(readingFrom path: String) throws -> any StoredCheckpoint {
    try CheckpointFile.read(try AtomicFile.read(path), name: path)
  }
}
