import Basics
import Engine
import Export
import Formats
import Foundation
import Lineage
import Model
import Networks

/// An `.atome` image that has been read and checked.
public struct LoadedImage: Sendable {
  public var path: String
  /// The file, with a trailer: a foreign blob gets one here. Its tensors keep every bit; bits after a tensor's last
  /// trit, which mean nothing, become zero.
  public var bytes: [UInt8]
  public var contents: ModelImage
  /// The id of the file as it lies on disk.
  public var id: ContentID

  /// - Parameter shape: for a foreign blob that does not say its own.
  /// - Throws: `HintedError` for a missing, truncated, corrupt or shapeless file, or one that is no image.
  public init(path: String, shape: AtomeShape? = nil) throws {
    try self.init(ModelFile(reading: path, shape: shape))
  }

  /// An image whose bytes were read already, from a bundle.
  public init(_ bytes: [UInt8], path: String) throws {
    try self.init(ModelFile(bytes, path: path))
  }

  private init(_ file: ModelFile) throws {
    let path = file.path
    guard case .image(let image) = file.content else {
      throw HintedError(
        "\(path) is a checkpoint, where an image is needed", hint: "make one: alambic export \(path) --out FILE.atome",
        status: .usage)
    }
    self.init(image, of: file)
  }

  init(_ image: ModelImage, of file: ModelFile) {
    path = file.path
    id = file.id
    contents = image
    if case .float(let blob) = contents, blob.trailer == nil {
      bytes = AtomeImageFile.write(blob.model, packing: blob.packing, provenance: nil)
    } else {
      bytes = file.bytes
    }
  }

  /// The float image that a checkpoint would be exported to; its id is the checkpoint's.
  /// - Throws: `HintedError` for a checkpoint that cannot be exported.
  init(packing checkpoint: Checkpoint, of file: ModelFile) throws {
    path = file.path
    id = file.id
    bytes = try AtomePacker().pack(checkpoint, checkpointID: file.id)
    contents = try ModelImage(reading: bytes, name: file.path)
  }
}

extension LoadedImage: RunnableModel {
  public var note: String? { nil }
  public var vocabulary: Vocabulary { contents.vocabulary }
  public var defaultContext: Int { contents.trainedContext ?? Self.unknownContext }
  public var logitKind: LogitKind { contents.logitKind }
  public var head: LabelHead? { contents.head }
  public var shippedEngine: HostEngine { .c }
  public func check(_ settings: TalkSettings) throws {
    try checkSpeaks()
    if case .compact = contents { try settings.checkNoRouters(path, .compact) } else { try settings.checkRouters() }
  }
  public func image() throws -> [UInt8] { bytes }

  /// T of an image that does not say what it was trained on: the published trainer's.
  package static let unknownContext = 64

  public func engine(_ kind: HostEngine, context: Int) throws -> any LogitSource {
    switch (kind, contents) {
    case (.swift, _): try contents.referenceEngine(contextLength: context)
    case (.c, .float): try CEngine(image: bytes, contextLength: context)
    case (.c, .integer(let integer)):
      try CIntegerEngine(image: bytes, logitScale: Double(integer.model.logitScale), contextLength: context)
    case (.c, .compact(let compact)):
      try CCompactEngine(image: bytes, logitScale: Double(compact.model.logitScale), contextLength: context)
    }
  }

  public func evaluation(of text: [UInt8], _ request: EvaluationRequest) async throws -> TextEvaluation {
    try checkSpeaks()
    return try await evaluation(of: text, request, window: request.window ?? defaultContext) {
      try engine(request.engine, context: $0)
    }
  }
}

/// The engines that run in this process: equal in every bit, so the choice is one of speed and trust.
public enum HostEngine: String, CaseIterable, Codable, Sendable {
  /// The reference, which reads like the specification.
  case swift
  /// The C99 engine that is flashed.
  case c
}
