import Basics
import Foundation
import Networks

/// What a model thought of one byte before it came.
public struct BytePrediction: Hashable, Sendable {
  /// The window that it is from, counted from 0; windows are what a bootstrap draws.
  public var window: Int
  /// -log2 of the probability of the byte that came.
  public var loss: Double
  /// The mean over layers of the routers' entropy, 0…1.
  public var routerEntropy: Double
  /// The probability of the most probable byte.
  public var confidence: Double
  /// Whether the most probable byte came.
  public var isCorrect: Bool

  public init(window: Int, loss: Double, routerEntropy: Double, confidence: Double, isCorrect: Bool) {
    self.window = window
    self.loss = loss
    self.routerEntropy = routerEntropy
    self.confidence = confidence
    self.isCorrect = isCorrect
  }
}

extension BytePrediction {
  /// Every prediction of a text, in its order: windows that do not overlap, each from an empty state, as
  /// `BitsPerByte.evaluate` cuts them.
  /// - Throws: `HintedError` for a text without a prediction; what the engine throws.
  public static func all(
    of data: [UInt8], window: Int, threadCount: Int,
    makeEngine: @escaping @Sendable () throws -> any RouterObserving
  ) async throws -> [BytePrediction] {
    guard window >= 2, data.count >= 2 else {
      throw HintedError(
        "the text has \(data.count) bytes in windows of \(window); a prediction needs two",
        hint: "give a longer text or window", status: .usage)
    }
    let starts = Array(stride(from: 0, to: data.count - 1, by: window))
    let parts = try await withThrowingTaskGroup(of: [Int: [BytePrediction]].self) { group in
      for thread in 0..<max(1, threadCount) {
        group.addTask {
          var engine = try makeEngine()
          var parts: [Int: [BytePrediction]] = [:]
          for index in stride(from: thread, to: starts.count, by: max(1, threadCount)) {
            try Task.checkCancellation()
            let text = data[starts[index]..<min(starts[index] + window, data.count)]
            parts[index] = try engine.predictions(of: text, window: index)
          }
          return parts
        }
      }
      return try await group.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
    }
    return starts.indices.flatMap { parts[$0] ?? [] }
  }
}

extension RouterObserving {
  fileprivate mutating func predictions(of text: ArraySlice<UInt8>, window: Int) throws -> [BytePrediction] {
    reset()
    return try zip(text, text.dropFirst()).map { byte, next in
      let logits = try step(byte)
      let best = greedyByte(logits)
      return BytePrediction(
        window: window, loss: surprisal(of: next, logits: logits, scale: logitKind.scale),
        routerEntropy: meanRouterEntropy,
        confidence: exp2(-surprisal(of: best, logits: logits, scale: logitKind.scale)), isCorrect: best == next)
    }
  }
}
