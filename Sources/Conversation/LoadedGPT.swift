import Basics
import Export
import Formats
import Lineage
import Model
import Networks

/// A plain GPT's checkpoint. No image holds it, so only Swift runs it.
struct LoadedGPT: RunnableModel {
  let id: ContentID
  let path: String
  private let checkpoint: GPTCheckpoint
  /// Of its weights, where they were rounded to eight bits, and of its vocabulary.
  private var int8ByteCount: Int?

  init(_ checkpoint: GPTCheckpoint, path: String, id: ContentID) {
    self.checkpoint = checkpoint
    self.path = path
    self.id = id
  }

  var note: String? { "a plain GPT in float32, by the Swift engine alone; it has no routers, so there is no entropy" }

  var vocabulary: Vocabulary { checkpoint.vocabulary }

  /// A window's last token is predicted and not read, so training leaves the position after these as it started.
  var defaultContext: Int { checkpoint.settings.windowTokenCount - 1 }

  var logitKind: LogitKind { .float }

  func check(_ settings: TalkSettings) throws {
    guard settings.engine == .swift else { throw Self.noImage(path) }
    try settings.checkNoRouters(path, .gpt)
  }

  func engine(_ kind: HostEngine, context: Int) throws -> any LogitSource {
    guard kind == .swift else { throw Self.noImage(path) }
    guard context <= defaultContext else {
      throw HintedError(
        "a context of \(context) positions; \(path) was trained on \(defaultContext)",
        hint: "choose --context \(defaultContext) or less", status: .usage)
    }
    return try GPTEngine(shape: checkpoint.shape, parameters: checkpoint.weights, contextLength: context)
  }

  func image() throws -> [UInt8] { throw Self.noImage(path) }

  func roundedToInt8() throws -> any RunnableModel {
    guard checkpoint.settings.weights == nil else {
      throw HintedError(
        "\(path) was trained with weights of fewer bits than eight", hint: "leave --int8 out", status: .usage)
    }
    let form = Int8Form(checkpoint)
    var rounded = checkpoint
    rounded.parameters = form.parameters
    var model = LoadedGPT(rounded, path: path, id: id)
    model.int8ByteCount = form.byteCount + VocabularyFile.write(vocabulary).count
    return model
  }

  func evaluation(of text: [UInt8], _ request: EvaluationRequest) async throws -> TextEvaluation {
    let window = request.window ?? checkpoint.shape.contextLength
    let tokens = TokenizedText(text, vocabulary)
    let evaluator = try GPTEvaluator(shape: checkpoint.shape, parameters: checkpoint.weights)
    return TextEvaluation(
      evaluation: try await evaluator.evaluation(
        of: tokens.tokens, byteCounts: tokens.byteCounts, window: window, deal: request.deal),
      window: window, unit: tokens.unit, tokenCount: tokens.tokens.count,
      unknownByteCount: tokens.unknownByteCount, int8ByteCount: int8ByteCount)
  }

  private static func noImage(_ path: String) -> HintedError {
    HintedError(
      "the C engine runs images, and \(path) is a plain GPT, which no image can hold",
      hint: "choose the engine swift", status: .usage)
  }
}
