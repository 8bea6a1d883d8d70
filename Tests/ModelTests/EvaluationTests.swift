import Basics
import Foundation
import Model
import Networks
import TestSupport
import Testing

/// Says the same logits whatever it reads, and counts its resets.
private struct ConstantSource: LogitSource {
  var contextLength = 64
  var logits: [Float]
  mutating func reset() {}
  mutating func step(_ byte: UInt8) -> [Float] { logits }
  func sampler(_ sampling: Sampling?, stream: UInt64) -> any ByteSampler { GreedySampler() }
}

@Suite("Evaluation")
struct EvaluationTests {
  @Test("a model that knows nothing needs 8 bits a byte")
  func uniform() async throws {
    let data = Array("any text at all".utf8)
    let evaluation = try await BitsPerByte.evaluate(tokens: data, window: 64) {
      ConstantSource(logits: [Float](repeating: 0.5, count: 256))
    }
    #expect(abs(evaluation.bitsPerByte - 8) < 1e-12)
    #expect(abs(evaluation.perplexity - 256) < 1e-9)
    #expect(evaluation.byteCount == data.count - 1)
  }

  @Test("a byte of logit ln 255 among zeros has probability one half: one bit")
  func oneBit() async throws {
    var logits = [Float](repeating: 0, count: 256)
    logits[97] = Float(log(255.0))
    let source = ConstantSource(logits: logits)
    let evaluation = try await BitsPerByte.evaluate(tokens: Array("aaaa".utf8), window: 4) { source }
    #expect(abs(evaluation.bitsPerByte - 1) < 1e-6)
  }

  @Test("each window predicts all its bytes but the first, and a last lone byte predicts nothing", arguments: 2...9)
  func byteCount(length: Int) async throws {
    let evaluation = try await BitsPerByte.evaluate(tokens: [UInt8](repeating: 1, count: length), window: 4) {
      ConstantSource(logits: [Float](repeating: 0, count: 256))
    }
    #expect(evaluation.byteCount == length - (length + 3) / 4)
  }

  @Test("the number of threads is no part of the result")
  func threads() async throws {
    let model = RandomModel.make(seed: 9, shape: RandomModel.small)
    let data = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * 7) }
    let one = try await BitsPerByte.evaluate(tokens: data, window: 16, threadCount: 1) {
      try ReferenceEngine(model: model, contextLength: 16)
    }
    let three = try await BitsPerByte.evaluate(tokens: data, window: 16, threadCount: 3) {
      try ReferenceEngine(model: model, contextLength: 16)
    }
    #expect(one == three)
  }

  @Test("a text without a prediction is refused")
  func tooShort() async {
    await #expect(throws: HintedError.self) {
      try await BitsPerByte.evaluate(tokens: [1], window: 64) { ConstantSource(logits: []) }
    }
  }
}
