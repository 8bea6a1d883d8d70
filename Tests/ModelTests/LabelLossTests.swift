import Basics
import Formats
import Foundation
import Kernels
import Model
import Networks
import Testing

/// The loss of a classifier: a softmax over its labels alone, at the one prediction of a label.
@Suite("Loss over labels") struct LabelLossTests {
  private static let shape = CompactShape(modelWidth: 5, layerCount: 1, stateWidth: 4, gateCount: 2, hiddenWidth: 3)
  /// A text, its end, its label, and what stands behind it.
  private static let window: [UInt8] = Array("abca\n".utf8) + [200, 0]
  private static let choices: [UInt8] = [201, 200, 97]

  private struct Fixture {
    let layout = CompactLayout(shape)
    let parameters: Arena<Double>
    let weights: CompactWeights<NaiveKernels<Double>>
    let graph: CompactGraph<NaiveKernels<Double>>
    let replyStart: Int

    init(replyStart: Int = 4) {
      var generator = SeededGenerator(seed: 3)
      parameters = Arena(capacity: layout.count)
      for index in 0..<layout.count { parameters.whole[0, index] = generator.unit() * 1.6 - 0.8 }
      weights = CompactWeights(kernels: NaiveKernels(), layout: layout)
      graph = CompactGraph(kernels: NaiveKernels(), layout: layout, windowTokenCount: window.count)
      self.replyStart = replyStart
    }

    func loss(scale: LossScale<Double>? = nil, addingTo gradient: Arena<Double>? = nil) -> WindowLoss {
      for piece in 0..<weights.pieceCount { weights.refresh(piece: piece, from: parameters.whole, rounding: .none) }
      return window.withUnsafeBufferPointer { tokens in
        choices.withUnsafeBufferPointer { choices in
          let window = TokenWindow(tokens, replyStart: replyStart, choices: choices)
          guard let scale, let gradient else { return graph.loss(window, weights) }
          return graph.lossAndGradient(window, weights, scale: scale, addingTo: gradient.whole)
        }
      }
    }

    /// The same by its definition, from the logits.
    func expected() -> Double {
      for piece in 0..<weights.pieceCount { weights.refresh(piece: piece, from: parameters.whole, rounding: .none) }
      return window.withUnsafeBufferPointer { tokens in
        let logits = graph.forward(TokenWindow(tokens), weights)
        let sum = choices.reduce(0.0) { $0 + exp(logits[4, Int($1)]) }
        return log(sum) - logits[4, 200]
      }
    }
  }

  @Test("is that of its definition, and of nothing but the reply") func value() {
    let fixture = Fixture()
    let loss = fixture.loss()
    #expect(abs(loss.replyNats - fixture.expected()) < 1e-12 && loss.promptNats == 0)
  }

  @Test("every parameter's gradient passes central differences, at a scale") func gradient() {
    let fixture = Fixture()
    let gradient = Arena<Double>(capacity: fixture.layout.count)
    _ = fixture.loss(scale: LossScale(prompt: 7, reply: 0.25), addingTo: gradient)
    let step = 1e-5
    var largest = 0.0
    for index in 0..<fixture.layout.count {
      let value = fixture.parameters.whole[0, index]
      fixture.parameters.whole[0, index] = value + step
      let above = fixture.loss().nats
      fixture.parameters.whole[0, index] = value - step
      let below = fixture.loss().nats
      fixture.parameters.whole[0, index] = value
      let slope = 0.25 * (above - below) / (2 * step)
      largest = max(largest, abs(slope))
      #expect(abs(slope - gradient.whole[0, index]) < 1e-6, "parameter \(index)")
    }
    #expect(largest > 0.01)
    // A token that is neither read nor a label learns nothing.
    let table = fixture.layout.table
    let row = table.offset + 150 * table.columnCount
    #expect((row..<row + table.columnCount).allSatisfy { gradient.whole[0, $0] == 0 })
  }

  @Test("a window that ends before its label has no loss and no gradient") func withoutLabel() {
    let fixture = Fixture(replyStart: 6)
    let gradient = Arena<Double>(capacity: fixture.layout.count)
    let loss = fixture.loss(scale: LossScale(prompt: 1, reply: 1), addingTo: gradient)
    #expect(loss.nats == 0 && (0..<fixture.layout.count).allSatisfy { gradient.whole[0, $0] == 0 })
  }
}
