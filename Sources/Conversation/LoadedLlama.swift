import Basics
import Formats
import Foundation
import Lineage
import Model
import Networks

/// A llama2.c model: measured, not talked to, since its tokens are more than 256.
struct LoadedLlama: RunnableModel {
  let id: ContentID
  let path: String
  private let model: LlamaModel
  private let tokenizer: LlamaTokenizer

  init(_ model: LlamaModel, _ tokenizer: LlamaTokenizer, of file: ModelFile) {
    self.model = model
    self.tokenizer = tokenizer
    path = file.path
    id = file.id
  }

  var note: String? { nil }
  /// Its own tokens encode and decode texts; nothing here speaks in them.
  var vocabulary: Vocabulary { .bytes }
  var defaultContext: Int { model.shape.contextLength }
  var logitKind: LogitKind { .float }

  func check(_ settings: TalkSettings) throws { throw cannotTalk }
  func engine(_ kind: HostEngine, context: Int) throws -> any LogitSource { throw cannotTalk }
  func image() throws -> [UInt8] { throw cannotTalk }

  private var cannotTalk: HintedError {
    HintedError(
      "\(path) is a llama2.c model, which is measured only", hint: "alambic evaluate \(path) --tokenizer FILE",
      status: .usage)
  }

  /// Without a window, sequences are as long as its positions; with one, each window of so many bytes is encoded by
  /// itself, and every byte counts, the first one too.
  func evaluation(of text: [UInt8], _ request: EvaluationRequest) async throws -> TextEvaluation {
    let evaluator = LlamaEvaluator(model: model, tokenizer: tokenizer)
    guard let window = request.window else {
      return TextEvaluation(
        evaluation: try await evaluator.evaluation(of: text, threadCount: request.threadCount, deal: request.deal),
        window: model.shape.contextLength, unit: .positions)
    }
    return TextEvaluation(
      evaluation: try await evaluator.evaluation(
        of: text, window: window, threadCount: request.threadCount, deal: request.deal),
      window: window, unit: .bytes)
  }
}
