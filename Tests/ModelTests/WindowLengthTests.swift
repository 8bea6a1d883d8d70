import Basics
import Formats
import Kernels
import Model
import Networks
import Testing

/// Graphs on windows that are shorter than they can be, and whose predictions do not all count alike.
@Suite struct WindowLengthTests {
  private static let atome = ParameterLayout(
    AtomeShape(modelWidth: 6, layerCount: 2, headWidth: 3, topK: 2, kernelSize: 3))
  private static let gpt = GPTLayout(
    GPTShape(modelWidth: 6, layerCount: 2, headCount: 2, feedForwardWidth: 5, contextLength: 150))
  private static let text = Array(String(repeating: "> warmer?\n< Is 21 fine. ", count: 7).utf8)

  /// A graph with parameters of its own, in memory that lives as long as it.
  private struct Fixture<Graph: NetworkGraph> {
    typealias Scalar = Graph.Weights.Kernels.Scalar

    let parameters: Arena<Scalar>
    let weights: Graph.Weights
    let graph: Graph

    init(_: Graph.Type, _ kernels: Graph.Weights.Kernels, _ layout: Graph.Weights.Layout, windowTokenCount: Int) {
      parameters = Arena(capacity: layout.count)
      weights = Graph.Weights(kernels: kernels, layout: layout)
      graph = Graph(kernels: kernels, layout: layout, windowTokenCount: windowTokenCount, ablation: nil)
    }

    func draw() {
      var generator = SeededGenerator(seed: 9)
      for index in 0..<parameters.capacity {
        parameters.whole[0, index] = Scalar(Float((generator.unit() - 0.5) * 1.2))
      }
    }

    func refresh() {
      for piece in 0..<weights.pieceCount { weights.refresh(piece: piece, from: parameters.whole, rounding: .none) }
    }

    func loss(_ tokens: [UInt8], _ countedStart: Int, _ replyStart: Int) -> WindowLoss {
      refresh()
      return tokens.withUnsafeBufferPointer {
        graph.loss(TokenWindow($0, countedStart: countedStart, replyStart: replyStart), weights)
      }
    }

    func lossAndGradient(
      _ tokens: [UInt8], _ countedStart: Int, _ replyStart: Int, promptWeight: Scalar
    ) -> (loss: WindowLoss, gradient: [Scalar]) {
      let gradient = Arena<Scalar>(capacity: parameters.capacity)
      refresh()
      let loss = tokens.withUnsafeBufferPointer {
        graph.lossAndGradient(
          TokenWindow($0, countedStart: countedStart, replyStart: replyStart), weights,
          scale: LossScale(prompt: promptWeight, reply: 1), addingTo: gradient.whole)
      }
      return (loss, (0..<parameters.capacity).map { gradient.whole[0, $0] })
    }
  }

  /// Nine tokens in a graph for forty: two predictions were counted before, three are of the prompt.
  private func checkSlopes<Graph: NetworkGraph>(_: Graph.Type, _ layout: Graph.Weights.Layout)
  where Graph.Weights.Kernels == NaiveKernels<Double> {
    let fixture = Fixture(Graph.self, NaiveKernels(), layout, windowTokenCount: 40)
    fixture.draw()
    let tokens = Array("abcabdaab".utf8)
    let gradient = fixture.lossAndGradient(tokens, 2, 5, promptWeight: 0.3).gradient
    let step = 1e-5
    for tensor in layout.tensors {
      // Rows of bytes and positions that are not in the window have no gradient; those of "z" and 9 stand for them.
      let rows = tensor.rowCount > 40 ? [0, 8, 9, 97, 98, 99, 100, 122] : Array(0..<tensor.rowCount)
      for index in rows.flatMap({
        tensor.offset + $0 * tensor.columnCount..<tensor.offset + ($0 + 1) * tensor.columnCount
      }) {
        let value = fixture.parameters.whole[0, index]
        func loss(_ change: Double) -> Double {
          fixture.parameters.whole[0, index] = value + change
          return fixture.loss(tokens, 2, 5).weighted(promptWeight: 0.3)
        }
        let slope = (loss(step) - loss(-step)) / (2 * step)
        fixture.parameters.whole[0, index] = value
        #expect(
          abs(slope - gradient[index]) < 1e-6 * max(1, abs(slope)),
          "\(tensor.name)[\(index - tensor.offset)]: slope \(slope), gradient \(gradient[index])")
      }
    }
  }

  @Test("A short document with a prompt passes central differences: atome")
  func atomeSlopes() { checkSlopes(SequenceGraph<NaiveKernels<Double>>.self, Self.atome) }

  @Test("A short document with a prompt passes central differences: GPT")
  func gptSlopes() { checkSlopes(GPTGraph<NaiveKernels<Double>>.self, Self.gpt) }

  /// A first window of full length with parameters that are no numbers fills all memory of the graph with such. A short
  /// window then gives the bits that a graph of its length gives: nothing behind its end is read.
  private func checkPoison<Graph: NetworkGraph>(
    _: Graph.Type, _ kernels: Graph.Weights.Kernels, _ layout: Graph.Weights.Layout, tokenCount: Int
  ) where Graph.Weights.Kernels.Scalar == Float {
    let tokens = Array(Self.text[..<tokenCount])
    let (counted, reply) = (tokenCount / 5, tokenCount / 3)
    let exact = Fixture(Graph.self, kernels, layout, windowTokenCount: tokenCount)
    exact.draw()
    let expected = exact.lossAndGradient(tokens, counted, reply, promptWeight: 0.1)
    let poisoned = Fixture(Graph.self, kernels, layout, windowTokenCount: 150)
    for index in 0..<layout.count { poisoned.parameters.whole[0, index] = .nan }
    let nothing = poisoned.lossAndGradient(Array(Self.text[..<150]), 0, 0, promptWeight: 1)
    #expect(nothing.loss.nats.isNaN && nothing.gradient.contains { $0.isNaN })
    poisoned.draw()
    let found = poisoned.lossAndGradient(tokens, counted, reply, promptWeight: 0.1)
    #expect(found.loss == expected.loss)
    #expect(found.gradient.map(\.bitPattern) == expected.gradient.map(\.bitPattern))
    #expect(poisoned.loss(tokens, counted, reply) == expected.loss)
  }

  @Test("Nothing behind a document's end is read", arguments: InstructionSet.available, [2, 3, 17, 40, 130, 150])
  func poison(instructionSet: InstructionSet, tokenCount: Int) throws {
    let kernels = try #require(TunedKernels(instructionSet))
    checkPoison(SequenceGraph<TunedKernels>.self, kernels, Self.atome, tokenCount: tokenCount)
    checkPoison(GPTGraph<TunedKernels>.self, kernels, Self.gpt, tokenCount: tokenCount)
  }

  @Test("A prompt's loss and a reply's are those of the whole, in parts; what was counted before is left out")
  func parts() {
    let fixture = Fixture(
      SequenceGraph<NaiveKernels<Double>>.self, NaiveKernels(), Self.atome, windowTokenCount: 30)
    fixture.draw()
    let tokens = Array(Self.text[..<20])
    let whole = fixture.loss(tokens, 0, 0)
    let parts = fixture.loss(tokens, 0, 11)
    let last = fixture.loss(tokens, 11, 11)
    #expect(whole.promptNats == 0)
    #expect(abs(parts.nats - whole.nats) < 1e-12 * whole.nats)
    #expect(parts.replyNats == last.nats && last.promptNats == 0)
  }
}
