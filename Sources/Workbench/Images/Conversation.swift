import Basics
import Lineage

/// A prompt and what an engine said to it.
public struct Continuation: Sendable {
  /// The bytes that were generated.
  public var output: [UInt8]
  /// The 256 logits at the prompt's last byte; nil where they were not asked for.
  public var promptLogits: [Float]?

  /// The output as text; bytes that are no UTF-8 show as U+FFFD.
  public var text: String { String(decoding: output, as: UTF8.self) }
}

extension LogitSource {
  /// Reads a prompt from an empty state and continues it.
  /// - Parameters:
  ///   - prompt: at least one byte.
  ///   - count: how many bytes to generate.
  ///   - sampling: nil for the greedy choice.
  ///   - stop: ends generation early; the byte itself is not part of the output.
  public mutating func continuation(
    of prompt: [UInt8], count: Int, sampling: Sampling? = nil, stop: UInt8? = nil
  ) throws -> Continuation {
    guard let last = prompt.last else {
      throw HintedError(
        "the prompt is empty, and a model says nothing before it has read a byte", hint: "give --prompt some text",
        status: .usage)
    }
    var sampler = try sampler(sampling, stream: 0)
    reset()
    for byte in prompt.dropLast() { _ = try step(byte) }
    let promptLogits = try step(last)
    var logits = promptLogits
    var output: [UInt8] = []
    while output.count < count {
      let byte = sampler.next(logits)
      if byte == stop { break }
      output.append(byte)
      if output.count < count { logits = try step(byte) }
    }
    return Continuation(output: output, promptLogits: promptLogits)
  }
}
