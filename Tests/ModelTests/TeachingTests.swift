import Basics
import Formats
import Foundation
import Kernels
import Model
import Networks
import Testing

/// A student's gradient where a share of its loss is the divergence from what another graph predicts, by central
/// differences of that loss, written out here.
@Suite struct TeachingTests {
  private static let shape = CompactShape(
    modelWidth: 6, layerCount: 1, stateWidth: 5, gateCount: 5, hiddenWidth: 4)
  private static let tokens = Array("abcabdaab".utf8)
  /// The prompt weighs less than the reply, and the first predictions nothing.
  private static var scale: LossScale<Double> { LossScale(prompt: 0.25, reply: 0.75) }

  private struct Network {
    let parameters: Arena<Double>
    let weights: CompactWeights<NaiveKernels<Double>>
    let graph: CompactGraph<NaiveKernels<Double>>
    let layout = CompactLayout(shape)

    init(seed: UInt64) {
      var generator = SeededGenerator(seed: seed)
      parameters = Arena(capacity: layout.count)
      for index in 0..<layout.count { parameters.whole[0, index] = (generator.unit() - 0.5) * 1.6 }
      weights = CompactWeights(kernels: NaiveKernels(), layout: layout)
      graph = CompactGraph(kernels: NaiveKernels(), layout: layout, windowTokenCount: tokens.count)
      refresh()
    }

    func refresh() {
      for piece in 0..<weights.pieceCount { weights.refresh(piece: piece, from: parameters.whole, rounding: .none) }
    }

    /// Logarithms of the predicted probabilities, a row a position.
    func predictions(_ window: TokenWindow) -> [[Double]] {
      let logits = graph.forward(window, weights)
      return (0..<window.positionCount).map { row in
        let values = (0..<CompactShape.vocabularySize).map { logits[row, $0] }
        let sum = log(values.reduce(0) { $0 + exp($1) })
        return values.map { $0 - sum }
      }
    }
  }

  @Test(arguments: [0, 0.5, 1]) func passesCentralDifferences(share: Double) {
    let (student, teacher) = (Network(seed: 1), Network(seed: 2))
    Self.tokens.withUnsafeBufferPointer { tokens in
      let window = TokenWindow(tokens, countedStart: 2, replyStart: 5)
      let taught = teacher.predictions(window)
      func loss() -> Double {
        student.refresh()
        let own = student.predictions(window)
        return (window.countedStart..<window.positionCount).reduce(0) { sum, row in
          let text = -own[row][Int(tokens[row + 1])]
          let divergence = zip(taught[row], own[row]).reduce(0) { $0 + exp($1.0) * ($1.0 - $1.1) }
          let weight = row < window.replyStart ? Self.scale.prompt : Self.scale.reply
          return sum + weight * ((1 - share) * text + share * divergence)
        }
      }
      let gradient = Arena<Double>(capacity: student.layout.count)
      let teaching = teacher.graph.teaching(window, teacher.weights, scale: Self.scale, share: share)
      _ = student.graph.lossAndGradient(
        window, student.weights, scale: Self.scale, teaching: teaching, addingTo: gradient.whole)
      for tensor in student.layout.tensors {
        // Of the table, rows of tokens in the window and one that is not.
        let rows = tensor.rowCount == CompactShape.vocabularySize ? [97, 98, 101] : Array(0..<tensor.rowCount)
        let width = tensor.columnCount
        for index in rows.flatMap({ tensor.offset + $0 * width..<tensor.offset + ($0 + 1) * width }) {
          let value = student.parameters.whole[0, index]
          student.parameters.whole[0, index] = value + 1e-5
          let above = loss()
          student.parameters.whole[0, index] = value - 1e-5
          let slope = (above - loss()) / 2e-5
          student.parameters.whole[0, index] = value
          #expect(
            abs(slope - gradient.whole[0, index]) < 1e-6 * max(1, abs(slope)),
            "\(tensor.name)[\(index - tensor.offset)]: slope \(slope), gradient \(gradient.whole[0, index])")
        }
      }
    }
  }

  /// What is reported is the text's cross-entropy, whoever teaches: runs stay comparable.
  @Test func reportsTheText() {
    let (student, teacher) = (Network(seed: 1), Network(seed: 2))
    Self.tokens.withUnsafeBufferPointer { tokens in
      let window = TokenWindow(tokens)
      let gradient = Arena<Double>(capacity: student.layout.count)
      let teaching = teacher.graph.teaching(window, teacher.weights, scale: Self.scale, share: 0.5)
      let loss = student.graph.lossAndGradient(
        window, student.weights, scale: Self.scale, teaching: teaching, addingTo: gradient.whole)
      #expect(loss == student.graph.loss(window, student.weights))
    }
  }
}
