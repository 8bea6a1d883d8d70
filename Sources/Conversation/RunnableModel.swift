import Basics
import Formats
import Lineage
import Model
import Networks

/// A model that this process can run, from whatever file: what `talk`, `evaluate`, `bench` and the score ask.
public protocol RunnableModel: Sendable {
  /// The file's.
  var id: ContentID { get }
  /// The file.
  var path: String { get }
  /// What a person should know before a talk; nil for an image.
  var note: String? { get }
  var vocabulary: Vocabulary { get }
  /// T, where nobody asks for another: what the model was trained on, where the file says it.
  var defaultContext: Int { get }
  var logitKind: LogitKind { get }
  /// A classifier's labels; nil for a model that speaks.
  var head: LabelHead? { get }
  /// The engine of this process that computes the model as it is shipped, or the only one that it has.
  var shippedEngine: HostEngine { get }
  /// - Throws: `HintedError` for settings that this model cannot follow.
  func check(_ settings: TalkSettings) throws
  /// An engine that computes this model in this process.
  /// - Parameter context: T, positions that attention sees.
  func engine(_ kind: HostEngine, context: Int) throws -> any LogitSource
  /// What an emulated core is flashed with.
  func image() throws -> [UInt8]
  /// How well the model predicts a text.
  /// - Throws: `HintedError` for a text without a prediction, or a window that the model cannot see.
  func evaluation(of text: [UInt8], _ request: EvaluationRequest) async throws -> TextEvaluation
  /// The same model with its weights in eight bits, a scale a row.
  /// - Throws: `HintedError` for a model of another kind than a plain GPT.
  func roundedToInt8() throws -> any RunnableModel
}

/// What an evaluation is told beside the model and the text.
public struct EvaluationRequest: Sendable {
  /// Tokens in a window; nil for the model's own context.
  public var window: Int?
  public var engine: HostEngine
  /// All cores when nil; no part of the result.
  public var threadCount: Int?
  /// Who computes which windows; no part of the result.
  public var deal: WindowDeal

  public init(
    window: Int? = nil, engine: HostEngine = .swift, threadCount: Int? = nil, deal: WindowDeal = .whole
  ) {
    self.window = window
    self.engine = engine
    self.threadCount = threadCount
    self.deal = deal
  }
}

/// How well a model predicted a text.
public struct TextEvaluation: Sendable {
  /// What a window is counted in.
  public enum Unit: String, Codable, Sendable { case bytes, tokens, positions }

  public var evaluation: Evaluation
  /// Of a window, in `unit`.
  public var window: Int
  public var unit: Unit
  /// How many tokens the text is; nil for a model whose tokens are its own.
  public var tokenCount: Int?
  /// Bytes of the text that no token stands for; each is predicted as the unknown token.
  public var unknownByteCount = 0
  /// What the weights, where they were rounded to eight bits, and the vocabulary take of flash.
  public var int8ByteCount: Int?

  /// `windows of 64 tokens`.
  public var windowText: String { "windows of \(window) \(unit.rawValue)" }
}

extension RunnableModel {
  public var shippedEngine: HostEngine { .swift }
  public var head: LabelHead? { nil }

  /// - Throws: `HintedError` for a classifier: only its labels' logits mean something, so what it would say is noise.
  func checkSpeaks() throws {
    guard let head else { return }
    throw HintedError(
      "\(path) is a classifier: it says one of \(head.labels.count) labels, and no text",
      hint: "alambic classify \(path) --prompt TEXT; of a checkpoint, export it first", status: .usage)
  }

  public func roundedToInt8() throws -> any RunnableModel { throw notAGPT }

  var notAGPT: HintedError {
    HintedError(
      "--int8 rounds a GPT's weights; \(path) is not a plain GPT",
      hint: "leave --int8 out; `alambic export --format integer` makes an integer image", status: .usage)
  }
}
