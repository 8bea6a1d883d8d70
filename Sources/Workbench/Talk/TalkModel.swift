import Basics
import Export
import Formats
import Lineage
import Model

/// A model that can be talked to, from whatever file.
public protocol TalkModel: Sendable {
  /// The file's.
  var id: ContentID { get }
  /// What a person should know before the talk; nil for an image.
  var note: String? { get }
  /// T, where nobody asks for another.
  var defaultContext: Int { get }
  var logitKind: LogitKind { get }
  /// - Throws: `HintedError` for settings that this model cannot follow.
  func check(_ settings: TalkSettings) throws
  /// An engine that computes this model in this process.
  func engine(_ kind: HostEngine, context: Int) throws -> any LogitSource
  /// What an emulated core is flashed with.
  func image() throws -> [UInt8]
}

extension LoadedImage: TalkModel {
  public var note: String? { nil }
  public var defaultContext: Int { 64 }
  public var logitKind: LogitKind { contents.logitKind }
  public func check(_ settings: TalkSettings) throws { try settings.checkRouters() }
  public func image() throws -> [UInt8] { bytes }
}

extension LoadedImage {
  /// A model to talk to: an image, or a checkpoint of any architecture.
  /// - Parameter shape: of a foreign image that does not say its own.
  /// - Throws: `HintedError` for a file that is damaged, or no model.
  public static func talkModel(path: String, shape: AtomeShape? = nil) throws -> any TalkModel {
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

  /// The float image that a checkpoint would be exported to; its id is the checkpoint's.
  private init(checkpoint file: [UInt8], path: String) throws {
    id = ContentID(of: file)
    bytes = try AtomePacker().pack(try Checkpoint(decoding: file, name: path), checkpointID: id)
    contents = try ModelImage(reading: bytes, name: path)
    self.path = path
  }
}

/// A plain GPT's checkpoint. No image holds it, so only Swift runs it.
struct LoadedGPT: TalkModel {
  let id: ContentID
  private let checkpoint: GPTCheckpoint
  private let path: String

  init(_ checkpoint: GPTCheckpoint, path: String, id: ContentID) {
    self.checkpoint = checkpoint
    self.path = path
    self.id = id
  }

  var note: String? { "a plain GPT in float32, by the Swift engine alone; it has no routers, so there is no entropy" }

  /// A window's last byte is predicted and not read, so training leaves the position after these as it started.
  var defaultContext: Int { checkpoint.settings.windowByteCount - 1 }

  var logitKind: LogitKind { .float }

  func check(_ settings: TalkSettings) throws {
    guard settings.engine == .swift else { throw Self.noImage(path) }
    for (what, isAsked) in [("entropy", settings.entropy), ("abstaining", settings.abstention != nil)] where isAsked {
      throw HintedError(
        "\(what) needs routers, and \(path) is a plain GPT, which has none",
        hint: "leave it out, or talk to an atome model", status: .usage)
    }
  }

  func engine(_ kind: HostEngine, context: Int) throws -> any LogitSource {
    guard kind == .swift else { throw Self.noImage(path) }
    guard context <= defaultContext else {
      throw HintedError(
        "a context of \(context) positions; \(path) was trained on \(defaultContext)",
        hint: "choose --context \(defaultContext) or less", status: .usage)
    }
    return try GPTEngine(shape: checkpoint.shape, parameters: checkpoint.parameters, contextLength: context)
  }

  func image() throws -> [UInt8] { throw Self.noImage(path) }

  private static func noImage(_ path: String) -> HintedError {
    HintedError(
      "the C engine runs images, and \(path) is a plain GPT, which no image can hold",
      hint: "choose the engine swift", status: .usage)
  }
}
