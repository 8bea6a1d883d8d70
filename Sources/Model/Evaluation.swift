import Basics
import Foundation
import Networks

/// How well a model predicts a text.
public struct Evaluation: Hashable, Codable, Sendable {
  /// Mean of -log2 of the probability of each predicted byte.
  public var bitsPerByte: Double
  /// Bytes that were predicted: all but the first of each window.
  public var byteCount: Int
  /// 2 to the power of `bitsPerByte`: how many equally likely bytes would be as hard to guess.
  public var perplexity: Double { exp2(bitsPerByte) }

  public init(bitsPerByte: Double, byteCount: Int) {
    self.bitsPerByte = bitsPerByte
    self.byteCount = byteCount
  }
}

/// Measures bits per byte: windows that do not overlap, each from an empty state, predictions from its second byte on.
public enum BitsPerByte {
  /// - Parameters:
  ///   - data: the text; a last window of one byte predicts nothing and is left out.
  ///   - window: bytes in a window, at least 2.
  ///   - threadCount: how many windows are worked on at once; no part of the result.
  ///   - makeEngine: an engine for each thread.
  /// - Throws: `HintedError` for a text without a prediction; what the engine throws.
  public static func evaluate(
    data: [UInt8], window: Int, threadCount: Int = ProcessInfo.processInfo.activeProcessorCount,
    makeEngine: @escaping @Sendable () throws -> any LogitSource
  ) async throws -> Evaluation {
    guard window >= 2, data.count >= 2 else {
      throw HintedError(
        "the text has \(data.count) bytes in windows of \(window); a prediction needs two",
        hint: "give a longer text or window", status: .usage)
    }
    let starts = Array(stride(from: 0, to: data.count, by: window))
    let sums = try await windowSums(data, starts, window, max(1, threadCount), makeEngine)
    // Added in the order of the text, whoever computed them.
    let bits = starts.reduce(0) { $0 + (sums[$1] ?? 0) }
    let byteCount = starts.reduce(0) { $0 + min(window, data.count - $1) - 1 }
    return Evaluation(bitsPerByte: bits / Double(byteCount), byteCount: byteCount)
  }

  private static func windowSums(
    _ data: [UInt8], _ starts: [Int], _ window: Int, _ threadCount: Int,
    _ makeEngine: @escaping @Sendable () throws -> any LogitSource
  ) async throws -> [Int: Double] {
    try await withThrowingTaskGroup(of: [(Int, Double)].self) { group in
      for thread in 0..<threadCount {
        group.addTask {
          var engine = try makeEngine()
          return try stride(from: thread, to: starts.count, by: threadCount).map { index in
            try Task.checkCancellation()
            let start = starts[index]
            return (start, try engine.bits(of: data[start..<min(start + window, data.count)]))
          }
        }
      }
      return try await group.reduce(into: [:]) { sums, part in
        for (start, bits) in part { sums[start] = bits }
      }
    }
  }
}

extension LogitSource {
  /// The bits that a text costs from an empty state: the sum of -log2 p over all bytes but the first.
  mutating func bits(of text: ArraySlice<UInt8>) throws -> Double {
    reset()
    var bits = 0.0
    for (byte, next) in zip(text, text.dropFirst()) {
      bits += surprisal(of: next, logits: try step(byte), scale: logitKind.scale)
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
