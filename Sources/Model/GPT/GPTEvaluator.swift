import Basics
import Formats
import Kernels
import Networks

/// Measures a plain GPT on a text: windows that do not overlap, predictions from each one's second byte on.
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

  /// The sum of each window's cross-entropies, in nats. A last window of one byte predicts nothing and is left out.
  /// - Throws: `HintedError` for a text without a prediction, or a window longer than the position table.
  public func windowNats(of text: [UInt8], window: Int) throws -> [Double] {
    guard window >= 2, text.count >= 2 else {
      throw HintedError(
        "the text has \(text.count) bytes in windows of \(window); a prediction needs two",
        hint: "give a longer text or window", status: .usage)
    }
    guard window <= layout.shape.contextLength else {
      throw HintedError(
        "windows of \(window) bytes; this model has positions for \(layout.shape.contextLength)",
        hint: "choose --window \(layout.shape.contextLength) or less", status: .usage)
    }
    let (whole, rest) = (text.count / window, text.count % window)
    let longest = min(window, text.count)
    let graph = GPTGraph(kernels: kernels, layout: layout, windowTokenCount: longest)
    return try (0..<whole + (rest >= 2 ? 1 : 0)).map { index in
      try Task.checkCancellation()
      let range = index * window..<min((index + 1) * window, text.count)
      return text.withUnsafeBufferPointer { graph.loss(UnsafeBufferPointer(rebasing: $0[range]), weights) }
    }
  }

  /// Bits per byte over all predictions of `windowNats`.
  public func evaluation(of text: [UInt8], window: Int) throws -> Evaluation {
    let nats = try windowNats(of: text, window: window).reduce(0, +)
    let rest = text.count % window
    let byteCount = text.count / window * (window - 1) + max(0, rest - 1)
    return Evaluation(bitsPerByte: nats / Double(byteCount) / Double.natsPerBit, byteCount: byteCount)
  }
}

extension Double {
  /// The natural logarithm of 2.
  static let natsPerBit = 0.693_147_180_559_945_309_4
}
