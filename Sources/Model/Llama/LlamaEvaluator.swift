import Basics
import Formats
import Foundation
import Networks

/// Measures a llama2.c model on a text. Tokens are not bytes, so bits per byte are all tokens' cross-entropies over the
/// text's bytes.
public struct LlamaEvaluator: Sendable {
  private let model: LlamaModel
  private let tokenizer: LlamaTokenizer

  public init(model: LlamaModel, tokenizer: LlamaTokenizer) {
    self.model = model
    self.tokenizer = tokenizer
  }

  /// The text as tokens, in sequences of at most the context: each starts anew, and every token is predicted.
  public func evaluation(
    of text: [UInt8], threadCount: Int? = nil, deal: WindowDeal = .whole
  ) async throws -> Evaluation {
    guard !text.isEmpty else { throw HintedError("the text is empty", hint: "give a longer text", status: .usage) }
    let tokens = tokenizer.encode(text)
    // The sequence's start takes a position, and the last token is read by nobody.
    let length = model.shape.contextLength
    let sequences = stride(from: 0, to: tokens.count, by: length).map {
      Array(tokens[$0..<min($0 + length, tokens.count)])
    }
    let nats = try await deal.sum(sequences.count) { windows in
      try await sequenceNats(windows.map { sequences[$0] }, threadCount: threadCount)
    }
    return Evaluation(bitsPerByte: nats / Double(text.count) / log(2), byteCount: text.count)
  }

  /// The same in windows of `window` bytes, each encoded by itself.
  public func evaluation(
    of text: [UInt8], window: Int, threadCount: Int? = nil, deal: WindowDeal = .whole
  ) async throws -> Evaluation {
    guard !text.isEmpty else { throw HintedError("the text is empty", hint: "give a longer text", status: .usage) }
    let nats = try await deal.sum((text.count + window - 1) / window) { windows in
      try await windowNats(of: text, window: window, of: windows, threadCount: threadCount)
    }
    return Evaluation(bitsPerByte: nats / Double(text.count) / log(2), byteCount: text.count)
  }

  /// The nats of each window of `window` bytes, encoded by itself: every byte is predicted, the first one too. A last
  /// window that is shorter counts.
  /// - Parameter chosen: the windows that are asked for; nil for all.
  public func windowNats(
    of text: [UInt8], window: Int, of chosen: [Int]? = nil, threadCount: Int? = nil
  ) async throws -> [Double] {
    let starts = chosen?.map { $0 * window } ?? Array(stride(from: 0, to: text.count, by: window))
    let sequences = starts.map { tokenizer.encode(text[$0..<min($0 + window, text.count)]) }
    if let longest = sequences.map(\.count).max(), longest > model.shape.contextLength {
      throw HintedError(
        "a window has \(longest) tokens; the model has positions for \(model.shape.contextLength)",
        hint: "choose a smaller --window", status: .usage)
    }
    return try await sequenceNats(sequences, threadCount: threadCount)
  }

  private func sequenceNats(_ sequences: [[Int]], threadCount: Int?) async throws -> [Double] {
    let threadCount = max(1, threadCount ?? ProcessInfo.processInfo.activeProcessorCount)
    return try await withThrowingTaskGroup(of: [(Int, Double)].self) { group in
      for thread in 0..<threadCount {
        group.addTask {
          var engine = LlamaEngine(model: model)
          return try stride(from: thread, to: sequences.count, by: threadCount).map { index in
            try Task.checkCancellation()
            return (index, engine.nats(of: sequences[index]))
          }
        }
      }
      return try await group.reduce(into: [Double](repeating: 0, count: sequences.count)) { sums, part in
        for (index, nats) in part { sums[index] = nats }
      }
    }
  }
}

extension LlamaEngine {
  /// The sum of the tokens' cross-entropies in a sequence of their own.
  public mutating func nats(of tokens: [Int]) -> Double {
    reset()
    var nats = 0.0
    for (token, next) in zip([LlamaTokenizer.start] + tokens, tokens) { nats += crossEntropy(step(token), next) }
    return nats
  }

  private func crossEntropy(_ logits: [Float], _ target: Int) -> Double {
    let largest = Double(logits.max() ?? 0)
    return log(logits.reduce(0.0) { $0 + exp(Double($1) - largest) }) + largest - Double(logits[target])
  }
}
