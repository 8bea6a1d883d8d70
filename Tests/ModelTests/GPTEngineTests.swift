import Basics
import Formats
import Foundation
import Model
import Networks
import Testing

@Suite struct GPTEngineTests {
  private static let shape = GPTShape(
    modelWidth: 21, layerCount: 2, headCount: 3, feedForwardWidth: 19, contextLength: 40)
  private static let tied: GPTShape = {
    var tied = shape
    tied.isTied = true
    return tied
  }()
  private static func parameters(_ shape: GPTShape) -> [Float] {
    var generator = SeededGenerator(seed: 5)
    return (0..<shape.parameterCount).map { _ in Float(generator.unit() - 0.5) }
  }
  private static let text = Array("Once upon a time there was a little fox. He could talk, and he did so.".utf8)

  private static func engine(_ context: Int, _ shape: GPTShape = shape) throws -> GPTEngine {
    try GPTEngine(shape: shape, parameters: parameters(shape), contextLength: context)
  }

  private static func nats(_ logits: [Float], _ target: UInt8) -> Double {
    log(logits.reduce(0) { $0 + exp(Double($1)) }) - Double(logits[Int(target)])
  }

  @Test("its logits cost what the training graph says, window by window", arguments: [shape, tied])
  func evaluator(shape: GPTShape) throws {
    let expected = try GPTEvaluator(shape: shape, parameters: Self.parameters(shape)).windowNats(
      of: Self.text, window: 35)
    var engine = try Self.engine(34, shape)
    for (index, nats) in expected.enumerated() {
      let window = Self.text[index * 35..<(index + 1) * 35]
      engine.reset()
      let found = zip(window, window.dropFirst()).reduce(0) { $0 + Self.nats(engine.step($1.0), $1.1) }
      #expect(abs(found - nats) < 1e-4 * nats)
    }
  }

  @Test("beyond the context it has read the last T bytes, no more and no less", arguments: [1, 7, 40])
  func sliding(context: Int) throws {
    var (sliding, fresh) = try (Self.engine(context), Self.engine(context))
    for end in Self.text.indices {
      let logits = sliding.step(Self.text[end])
      fresh.reset()
      var expected: [Float] = []
      for byte in Self.text[max(0, end - context + 1)...end] { expected = fresh.step(byte) }
      #expect(logits == expected, "after \(end + 1) bytes")
    }
  }

  @Test("what has no positions, or not its parameters, is refused")
  func refusals() throws {
    for context in [0, -1, 41] { #expect(throws: HintedError.self) { try Self.engine(context) } }
    #expect(throws: HintedError.self) {
      try GPTEngine(shape: Self.shape, parameters: Array(Self.parameters(Self.shape).dropLast()), contextLength: 40)
    }
  }
}
