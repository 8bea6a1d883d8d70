import Basics
import Foundation
import Networks

/// How well a model predicts a text.
public struct Evaluation: Hashable, Codable, Sendable {
  /// The sum of -log2 of the probability of each predicted token, over the bytes that these tokens stand for.
  public var bitsPerByte: Double
  /// Bytes that were predicted: all but those of the first token of each window.
  public var byteCount: Int
  /// 2 to the power of `bitsPerByte`: how many equally likely bytes would be as hard to guess.
  public var perplexity: Double { exp2(bitsPerByte) }

  public init(bitsPerByte: Double, byteCount: Int) {
    self.bitsPerByte = bitsPerByte
    self.byteCount = byteCount
  }
}

/// Who computes what the windows of a text cost: all of them here, unless they are dealt to parts. Sums are added in
/// the order of the text, whoever computed them.
public struct WindowDeal: Sendable {
  /// Computes windows by their indices, in that order.
  public typealias Compute = @Sendable (_ windows: [Int]) async throws -> [Double]

  private let sums: @Sendable (_ windowCount: Int, _ compute: Compute) async throws -> [Double]

  /// - Parameter sums: of all windows of a text, in order.
  public init(_ sums: @escaping @Sendable (_ windowCount: Int, _ compute: Compute) async throws -> [Double]) {
    self.sums = sums
  }

  public static let whole = WindowDeal { count, compute in try await compute(Array(0..<count)) }

  func sum(_ windowCount: Int, _ compute: Compute) async throws -> Double {
    try await sums(windowCount, compute).reduce(0, +)
  }
}

/// Measures bits per byte: windows that do not overlap, each from an empty state, predictions from its second token on.
public enum BitsPerByte {
  /// - Parameters:
  ///   - tokens: the text; a last window of one token predicts nothing and is left out.
  ///   - byteCounts: how many bytes of the text each of the 256 tokens stands for; nil where tokens are bytes.
  ///   - window: tokens in a window, at least 2.
  ///   - threadCount: how many windows are worked on at once; no part of the result.
  ///   - deal: who works on them.
  ///   - makeEngine: an engine for each thread.
  /// - Throws: `HintedError` for a text without a prediction; what the engine throws.
  public static func evaluate(
    tokens: [UInt8], byteCounts: [Int]? = nil, window: Int,
    threadCount: Int = ProcessInfo.processInfo.activeProcessorCount, deal: WindowDeal = .whole,
    makeEngine: @escaping @Sendable () throws -> any LogitSource
  ) async throws -> Evaluation {
    try checkPredictions(tokens, window: window)
    let bits = try await deal.sum((tokens.count + window - 1) / window) { windows in
      try await windowSums(tokens, windows, window, max(1, threadCount), makeEngine)
    }
    let byteCount = predictedByteCount(tokens, byteCounts, window: window)
    return Evaluation(bitsPerByte: bits / Double(max(1, byteCount)), byteCount: byteCount)
  }

  /// - Throws: `HintedError` for a text or a window without a prediction.
  static func checkPredictions(_ tokens: [UInt8], window: Int) throws {
    guard window < 2 || tokens.count < 2 else { return }
    throw HintedError(
      "the text has \(tokens.count) tokens in windows of \(window); a prediction needs two",
      hint: "give a longer text or window", status: .usage)
  }

  /// The bytes that all but the first token of each window stand for.
  static func predictedByteCount(_ tokens: [UInt8], _ byteCounts: [Int]?, window: Int) -> Int {
    tokens.indices.reduce(0) { sum, index in
      index.isMultiple(of: window) ? sum : sum + (byteCounts?[Int(tokens[index])] ?? 1)
    }
  }

  private static func windowSums(
    _ tokens: [UInt8], _ windows: [Int], _ window: Int, _ threadCount: Int,
    _ makeEngine: @escaping @Sendable () throws -> any LogitSource
  ) async throws -> [Double] {
    try await withThrowingTaskGroup(of: [(Int, Double)].self) { group in
      for thread in 0..<threadCount {
        group.addTask {
          var engine = try makeEngine()
          return try stride(from: thread, to: windows.count, by: threadCount).map { place in
            try Task.checkCancellation()
            let start = windows[place] * window
            return (place, try engine.bits(of: tokens[start..<min(start + window, tokens.count)]))
          }
        }
      }
      return try await group.reduce(into: [Double](repeating: 0, count: windows.count)) { sums, part in
        for (place, bits) in part { sums[place] = bits }
      }
    }
  }
}

extension LogitSource {
  /// The bits that tokens cost from an empty state: the sum of -log2 p over all of them but the first.
  mutating func bits(of tokens: ArraySlice<UInt8>) throws -> Double {
    reset()
    var bits = 0.0
    for (token, next) in zip(tokens, tokens.dropFirst()) {
      bits += surprisal(of: next, logits: try step(token), scale: logitKind.scale)
    }
    return bits
  }
}

/// -log2 of the softmax of `scale * logits` at `byte`, in double precision.
package func surprisal(of byte: UInt8, logits: [Float], scale: Double = 1) -> Double {
  let largest = Double(logits.max() ?? 0)
  let sum = logits.reduce(0.0) { $0 + exp((Double($1) - largest) * scale) }
  return (log(sum) + (largest - Double(logits[Int(byte)])) * scale) / log(2.0)
}
