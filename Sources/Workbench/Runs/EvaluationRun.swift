import Basics
import Export
import Formats
import Foundation
import Model
import Networks

/// One evaluation: how well the model in a file, of whatever format, predicts a text.
public struct EvaluationRun: Sendable {
  public var path: String
  /// The shape of a foreign image.
  public var shape: AtomeShape?
  /// Bytes in a window; nil for 64, or for the window that a GPT was trained on.
  public var window: Int?
  public var engine: HostEngine
  public var threadCount: Int?
  /// Whether a GPT's weights are rounded to eight bits first.
  public var usesInt8: Bool
  /// The tokens of a llama2.c model; with it, the file is one.
  public var tokenizer: String?

  public init(
    path: String, shape: AtomeShape? = nil, window: Int? = nil, engine: HostEngine = .swift, threadCount: Int? = nil,
    usesInt8: Bool = false, tokenizer: String? = nil
  ) {
    self.path = path
    self.shape = shape
    self.window = window
    self.engine = engine
    self.threadCount = threadCount
    self.usesInt8 = usesInt8
    self.tokenizer = tokenizer
  }

  public struct Result: Sendable {
    public var evaluation: Evaluation
    /// Bytes; positions, for a llama2.c model without `window`.
    public var window: Int
    /// The file's.
    public var id: ContentID
    /// What the weights take of flash, where the file is a GPT's checkpoint and `usesInt8`.
    public var int8ByteCount: Int?
  }

  public static let defaultWindow = 64

  /// - Throws: `HintedError` for a file that is damaged or no model, or a text without a prediction.
  public func run(on text: [UInt8]) async throws -> Result {
    let file = try AtomicFile.read(path)
    if let tokenizer { return try await evaluateLlama(file, tokenizer: tokenizer, on: text) }
    guard file.starts(with: CheckpointFile.magic) else {
      try refuseInt8("an image")
      let image = try LoadedImage(path: path, shape: shape)
      let window = window ?? Self.defaultWindow
      return Result(
        evaluation: try await image.evaluate(on: text, window: window, engine: engine, threadCount: threadCount),
        window: window, id: image.id)
    }
    switch try CheckpointFile.architecture(of: file, name: path) {
    case .atome: return try await evaluate(try Checkpoint(decoding: file, name: path), ContentID(of: file), text)
    case .gpt: return try evaluate(try GPTCheckpoint(decoding: file, name: path), ContentID(of: file), text)
    }
  }

  /// The float image that the checkpoint would be exported to.
  private func evaluate(_ checkpoint: Checkpoint, _ id: ContentID, _ text: [UInt8]) async throws -> Result {
    try refuseInt8("an atome model")
    let (model, window) = (checkpoint.model, window ?? Self.defaultWindow)
    let evaluation = try await BitsPerByte.evaluate(
      data: text, window: window, threadCount: threadCount ?? ProcessInfo.processInfo.activeProcessorCount
    ) { try ReferenceEngine(model: model, contextLength: window) }
    return Result(evaluation: evaluation, window: window, id: id)
  }

  private func evaluate(_ checkpoint: GPTCheckpoint, _ id: ContentID, _ text: [UInt8]) throws -> Result {
    let window = window ?? checkpoint.shape.contextLength
    let form = usesInt8 ? Int8Form(checkpoint) : nil
    let evaluator = try GPTEvaluator(
      shape: checkpoint.shape, parameters: form?.parameters ?? checkpoint.parameters)
    return Result(
      evaluation: try evaluator.evaluation(of: text, window: window), window: window, id: id,
      int8ByteCount: form?.byteCount)
  }

  func refuseInt8(_ what: String) throws {
    if usesInt8 {
      throw HintedError(
        "--int8 rounds a GPT's weights; \(path) is \(what)",
        hint: "leave --int8 out; `alambic export --format integer` makes an integer image", status: .usage)
    }
  }
}
