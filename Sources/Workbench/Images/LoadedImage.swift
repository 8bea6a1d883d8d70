import Basics
import Engine
import Formats
import Model
import Networks

/// An `.atome` image that has been read and checked: every command that takes one starts here.
public struct LoadedImage: Sendable {
  public var path: String
  /// The file, with a trailer: a foreign blob gets one here. Its tensors keep every bit; bits after a tensor's last
  /// trit, which mean nothing, become zero.
  public var bytes: [UInt8]
  public var contents: ModelImage
  /// The id of the file as it lies on disk.
  public var id: ContentID

  /// - Parameter shape: for a foreign blob that does not say its own.
  /// - Throws: `HintedError` for a missing, truncated, corrupt or shapeless file.
  public init(path: String, shape: AtomeShape? = nil) throws {
    let file = try AtomicFile.read(path)
    contents = try ModelImage(reading: file, name: path, shape: shape)
    self.path = path
    id = ContentID(of: file)
    if case .float(let blob) = contents, blob.trailer == nil {
      bytes = AtomeImageFile.write(blob.model, packing: blob.packing, provenance: nil)
    } else {
      bytes = file
    }
  }

  /// An engine that computes this image in this process.
  /// - Parameter context: T, positions that attention sees.
  public func engine(_ kind: HostEngine, context: Int) throws -> any LogitSource {
    switch (kind, contents) {
    case (.swift, _): try contents.referenceEngine(contextLength: context)
    case (.c, .float): try CEngine(image: bytes, contextLength: context)
    case (.c, .integer(let integer)):
      try CIntegerEngine(image: bytes, logitScale: Double(integer.model.logitScale), contextLength: context)
    }
  }
}

/// The engines that run in this process: equal in every bit, so the choice is one of speed and trust.
public enum HostEngine: String, CaseIterable, Sendable {
  /// The reference, which reads like the specification.
  case swift
  /// The C99 engine that is flashed.
  case c
}
