import Basics
import Formats
import Model
import TestSupport
import Testing

/// The published 260 K model against a numpy program written apart (scripts/llama2c_answers.py).
@Suite(.enabled(if: SharedData.isPresent, "\(SharedData.skipReason)")) struct LlamaTests {
  private let modelBytes: [UInt8]
  private let tokenizerBytes: [UInt8]
  private let model: LlamaModel
  private let tokenizer: LlamaTokenizer

  init() throws {
    modelBytes = try AtomicFile.read(try #require(SharedData.path("llama2c/stories260K.bin")))
    tokenizerBytes = try AtomicFile.read(try #require(SharedData.path("llama2c/tok512.bin")))
    model = try LlamaModel(decoding: modelBytes, name: "model")
    tokenizer = try LlamaTokenizer(decoding: tokenizerBytes, count: 512, name: "tokenizer")
  }

  @Test func tokensAndTheirCostAreThoseOfTheIndependentProgram() {
    var engine = LlamaEngine(model: model)
    for answer in LlamaAnswers.texts {
      let tokens = tokenizer.encode(answer.text.utf8)
      #expect(tokens == answer.tokens)
      #expect(tokenizer.text(of: tokens) == Array(answer.text.utf8))
      #expect(abs(engine.nats(of: tokens) - answer.nats) < 1e-4 * max(1, answer.nats))
    }
  }

  @Test func logitsAreThoseOfTheIndependentProgram() {
    var engine = LlamaEngine(model: model)
    let answer = LlamaAnswers.texts[0]
    let logits = ([LlamaTokenizer.start] + answer.tokens).map { engine.step($0) }.last ?? []
    #expect(logits.count == 512)
    for (found, expected) in zip(logits, LlamaAnswers.logits) { #expect(abs(Double(found) - expected) < 1e-4) }
  }

  @Test func greedyContinuationIsTheSameStory() {
    var engine = LlamaEngine(model: model)
    var tokens = [LlamaTokenizer.start]
    for _ in 0..<60 {
      let logits = engine.step(tokens[tokens.count - 1])
      tokens.append(logits.indices.max { logits[$0] < logits[$1] } ?? 0)
    }
    #expect(String(decoding: tokenizer.text(of: Array(tokens.dropFirst())), as: UTF8.self) == LlamaAnswers.greedy)
  }

  @Test func bitsPerByteAddUpOverSequences() async throws {
    let text = Array(String(repeating: LlamaAnswers.texts[0].text + "\n", count: 60).utf8)
    let evaluator = LlamaEvaluator(model: model, tokenizer: tokenizer)
    let one = try await evaluator.evaluation(of: text, threadCount: 1)
    #expect(try await evaluator.evaluation(of: text, threadCount: 2) == one)
    #expect(one.byteCount == text.count)
    #expect(tokenizer.encode(text).count > model.shape.contextLength)
    #expect(one.bitsPerByte > 0.01 && one.bitsPerByte < 2)
    let windows = try await evaluator.windowNats(of: text, window: 54)
    #expect(windows.count == 60)
    await #expect(throws: HintedError.self) { try await evaluator.windowNats(of: text, window: text.count) }
    // Windows that are dealt to two, and added up in the text's order.
    let deal = WindowDeal { count, compute in
      let odd = try await compute(Array(stride(from: 1, to: count, by: 2)))
      let even = try await compute(Array(stride(from: 0, to: count, by: 2)))
      return (0..<count).map { $0.isMultiple(of: 2) ? even[$0 / 2] : odd[$0 / 2] }
    }
    #expect(try await evaluator.evaluation(of: text, deal: deal) == one)
    let inWindows = try await evaluator.evaluation(of: text, window: 54)
    #expect(try await evaluator.evaluation(of: text, window: 54, deal: deal) == inWindows)
  }

  /// A size follows from the header, so no flipped bit of it goes unseen.
  @Test func everyFlippedHeaderBitIsRefused() {
    for bit in 0..<28 * 8 {
      var damaged = modelBytes
      damaged[bit / 8] ^= 1 << (bit % 8)
      #expect(throws: HintedError.self, "bit \(bit)") { try LlamaModel(decoding: damaged, name: "x") }
    }
  }

  @Test func otherSizesAreRefused() {
    for length in [0, 3, 27, 28, 1000, modelBytes.count - 1] {
      #expect(throws: HintedError.self) { try LlamaModel(decoding: Array(modelBytes[..<length]), name: "x") }
    }
    #expect(throws: HintedError.self) { try LlamaModel(decoding: modelBytes + [0], name: "x") }
    for length in 0..<tokenizerBytes.count {
      #expect(throws: HintedError.self) {
        try LlamaTokenizer(decoding: Array(tokenizerBytes[..<length]), count: 512, name: "x")
      }
    }
    for count in [0, 258, 511, 513] {
      #expect(throws: HintedError.self) { try LlamaTokenizer(decoding: tokenizerBytes, count: count, name: "x") }
    }
  }
}
