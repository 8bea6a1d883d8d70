import Basics
import Formats
import Foundation
import Model
import Networks

extension EvaluationRun {
  /// A llama2.c model. Its tokens are not bytes: without `window`, sequences are as long as its positions; with it,
  /// each window of so many bytes is encoded by itself, and every byte counts, the first one too.
  func evaluateLlama(_ file: [UInt8], tokenizer: String, on text: [UInt8]) async throws -> Result {
    try refuseInt8("a llama2.c model")
    let model = try LlamaModel(decoding: file, name: path)
    let evaluator = LlamaEvaluator(
      model: model,
      tokenizer: try LlamaTokenizer(
        decoding: try AtomicFile.read(tokenizer), count: model.shape.vocabularySize, name: tokenizer))
    guard let window else {
      return Result(
        evaluation: try await evaluator.evaluation(of: text, threadCount: threadCount),
        window: model.shape.contextLength, id: ContentID(of: file))
    }
    guard !text.isEmpty else { throw HintedError("the text is empty", hint: "give a longer text", status: .usage) }
    let nats = try await evaluator.windowNats(of: text, window: window, threadCount: threadCount)
    return Result(
      evaluation: Evaluation(
        bitsPerByte: nats.reduce(0, +) / Double(text.count) / log(2), byteCount: text.count),
      window: window, id: ContentID(of: file))
  }
}
