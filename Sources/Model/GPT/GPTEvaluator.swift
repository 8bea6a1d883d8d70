import Basics
import Formats
import Kernels
import Networks

/// Measures a plain GPT on a text: windows that do not overlap, predictions from each one's second token on.
public struct GPTEvaluator: Sendable {
  private let layout: GPTLayout
  private let kernels: TunedKernels
  private let weights: GPTWeights<TunedKernels>

  /// - Parameter parameters: in the layout of the shape.
  /// - Throws: `HintedError` for a shape outside its limits, or parameters of another.
  public init(shape: GPTShape, parameters: [Float], instructionSet: InstructionSet = .best) throws {
    try shape.validate()
    guard parameters.count == shape.parameterCount else {
      throw HintedError("\(parameters.count) parameters; the shape \(shape) has \(shape.parameterCount)")
    }
    guard let kernels = TunedKernels(instructionSet) else {
      throw HintedError("this processor lacks \(instructionSet.rawValue)", status: .usage)
    }
    let layout = GPTLayout(shape)
    let weights = GPTWeights(kernels: kernels, layout: layout)
    let arena = Arena<Float>(capacity: layout.count)
    for (index, value) in parameters.enumerated() { arena.whole[0, index] = value }
    for piece in 0..<weights.pieceCount { weights.refresh(piece: piece, from: arena.whole) }
    self.layout = layout
    self.kernels = kernels
    self.weights = weights
  }

  /// The sum of each window's cross-entropies, in nats. A last window of one token predicts nothing and is left out.
  /// - Parameter chosen: the windows that are asked for; nil for all.
  /// - Throws: `HintedError` for a text without a prediction, or a window longer than the position table.
  public func windowNats(of tokens: [UInt8], window: Int, of chosen: [Int]? = nil) throws -> [Double] {
    try BitsPerByte.checkPredictions(tokens, window: window)
    guard window <= layout.shape.contextLength else {
      throw HintedError(
        "windows of \(window) tokens; this model has positions for \(layout.shape.contextLength)",
        hint: "choose --window \(layout.shape.contextLength) or less", status: .usage)
    }
    let longest = min(window, tokens.count)
    let graph = GPTGraph(kernels: kernels, layout: layout, windowTokenCount: longest)
    return try (chosen ?? Array(0..<Self.windowCount(tokens, window))).map { index in
      try Task.checkCancellation()
      let range = index * window..<min((index + 1) * window, tokens.count)
      return tokens.withUnsafeBufferPointer { graph.loss(UnsafeBufferPointer(rebasing: $0[range]), weights) }
    }
  }

  private static func windowCount(_ tokens: [UInt8], _ window: Int) -> Int {
    tokens.count / window + (tokens.count % window >= 2 ? 1 : 0)
  }

  /// Bits per byte over all predictions of `windowNats`.
  /// - Parameter byteCounts: how many bytes of the text each of the 256 tokens stands for; nil where tokens are bytes.
  public func evaluation(
    of tokens: [UInt8], byteCounts: [Int]? = nil, window: Int, deal: WindowDeal = .whole
  ) async throws -> Evaluation {
    try BitsPerByte.checkPredictions(tokens, window: window)
    let nats = try await deal.sum(Self.windowCount(tokens, window)) { windows in
      try windowNats(of: tokens, window: window, of: windows)
    }
    let byteCount = BitsPerByte.predictedByteCount(tokens, byteCounts, window: window)
    return Evaluation(bitsPerByte: nats / Double(max(1, byteCount)) / Double.natsPerBit, byteCount: byteCount)
  }
}

extension Double {
  /// The natural logarithm of 2.
  static let natsPerBit = 0.693_147_180_559_945_309_4
}
