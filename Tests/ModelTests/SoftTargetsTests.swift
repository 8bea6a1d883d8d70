import Basics
import Formats
import Foundation
import Kernels
import Model
import Networks
import Testing

/// A student's gradient where a share of its loss is the divergence from a teacher's labels, by central differences of
/// that loss, written out here.
@Suite struct SoftTargetsTests {
  private static let shape = CompactShape(modelWidth: 6, layerCount: 1, stateWidth: 5, gateCount: 5, hiddenWidth: 4)
  private static let tokens = Array("abcabdaab".utf8)
  private static var scale: LossScale<Double> { LossScale(prompt: 0.25, reply: 0.75) }

  /// By token: with a rest and the text named, with a rest and the text not named, without a rest, sure, and none.
  private static let labels: [SoftLabel] = {
    func label(_ named: [Int: Double], others: Double = 0) -> SoftLabel {
      var masses = [Double](repeating: others, count: 256)
      for (token, mass) in named { masses[token] = mass }
      return SoftLabel(quantising: masses)
    }
    let (a, b, c, d) = (97, 98, 99, 100)
    return [
      .none, label([b: 1]), label([a: 0.5, c: 0.3], others: 0.001), label([b: 0.9, d: 0.1]), .none,
      label([c: 0.7, 5: 0.1], others: 0.0005), label([a: 0.25, b: 0.75]), label([d: 1]),
      label([b: 0.2, a: 0.4], others: 0.001),
    ]
  }()

  private static let file = SoftLabels(
    source: ContentID(of: "tokens"), vocabulary: nil, teacher: ContentID(of: "teacher"), labels: labels)

  private static func check(share: Double) {
    let layout = CompactLayout(shape)
    var generator = SeededGenerator(seed: 4)
    let parameters = Arena<Double>(capacity: layout.count)
    for index in 0..<layout.count { parameters.whole[0, index] = (generator.unit() - 0.5) * 1.6 }
    let weights = CompactWeights(kernels: NaiveKernels<Double>(), layout: layout)
    let graph = CompactGraph(kernels: NaiveKernels<Double>(), layout: layout, windowTokenCount: tokens.count)
    func refresh() {
      for piece in 0..<weights.pieceCount { weights.refresh(piece: piece, from: parameters.whole, rounding: .none) }
    }
    refresh()
    // Labels in another order than the tokens, and one token that has none.
    let numbers = [0, 1, 2, 3, -1, 5, 6, 7, 8].map(Int32.init)
    tokens.withUnsafeBufferPointer { tokens in
      let window = TokenWindow(tokens, countedStart: 1, replyStart: 4)
      func loss() -> Double {
        refresh()
        let logits = graph.forward(window, weights)
        return (window.countedStart..<window.positionCount).reduce(0) { sum, row in
          let own = logarithms((0..<256).map { logits[row, $0] })
          let text = -own[Int(tokens[row + 1])]
          let weight = row < window.replyStart ? scale.prompt : scale.reply
          let label = numbers[row + 1] < 0 ? .none : labels[row + 1]
          guard !label.entries.isEmpty else { return sum + weight * text }
          return sum + weight * ((1 - share) * text + share * divergence(label, own))
        }
      }
      let gradient = Arena<Double>(capacity: layout.count)
      numbers.withUnsafeBufferPointer { numbers in
        guard let base = numbers.baseAddress else { return }
        let soft = SoftTargets(file, numbers: base, share: Float(share))
        _ = graph.lossAndGradient(window, weights, scale: scale, soft: soft, addingTo: gradient.whole)
      }
      for tensor in layout.tensors {
        let rows = tensor.rowCount == 256 ? [5, 97, 98, 99, 100, 101] : Array(0..<tensor.rowCount)
        let width = tensor.columnCount
        for index in rows.flatMap({ tensor.offset + $0 * width..<tensor.offset + ($0 + 1) * width }) {
          let value = parameters.whole[0, index]
          parameters.whole[0, index] = value + 1e-5
          let above = loss()
          parameters.whole[0, index] = value - 1e-5
          let slope = (above - loss()) / 2e-5
          parameters.whole[0, index] = value
          #expect(
            abs(slope - gradient.whole[0, index]) < 1e-6 * max(1, abs(slope)),
            "\(tensor.name)[\(index - tensor.offset)]: slope \(slope), gradient \(gradient.whole[0, index])")
        }
      }
    }
  }

  private static func logarithms(_ logits: [Double]) -> [Double] {
    let sum = log(logits.reduce(0) { $0 + exp($1) })
    return logits.map { $0 - sum }
  }

  /// Over the named values, and all others as one.
  private static func divergence(_ label: SoftLabel, _ own: [Double]) -> Double {
    let unit = Double(SoftLabel.unitCount)
    var (sum, left) = (0.0, 1.0)
    for entry in label.entries {
      let q = Double(entry.units) / unit
      sum += q * (log(q) - own[Int(entry.token)])
      left -= exp(own[Int(entry.token)])
    }
    let rest = Double(label.restUnits) / unit
    return rest > 0 ? sum + rest * (log(rest) - log(left)) : sum
  }

  @Test(arguments: [0.25, 0.5, 1]) func passesCentralDifferences(share: Double) { Self.check(share: share) }

  /// The loops that training runs are those for floats: the same gradient as in doubles, rounded.
  @Test func floatsAgreeWithDoubles() {
    func gradient<Scalar: RealNumber>(_: Scalar.Type) -> [Double] {
      let layout = CompactLayout(Self.shape)
      var generator = SeededGenerator(seed: 4)
      let parameters = Arena<Scalar>(capacity: layout.count)
      for index in 0..<layout.count { parameters.whole[0, index] = Scalar((generator.unit() - 0.5) * 1.6) }
      let kernels = NaiveKernels<Scalar>()
      let weights = CompactWeights(kernels: kernels, layout: layout)
      for piece in 0..<weights.pieceCount { weights.refresh(piece: piece, from: parameters.whole, rounding: .none) }
      let graph = CompactGraph(kernels: kernels, layout: layout, windowTokenCount: Self.tokens.count)
      let gradient = Arena<Scalar>(capacity: layout.count)
      let numbers = Self.tokens.indices.map(Int32.init)
      Self.tokens.withUnsafeBufferPointer { tokens in
        numbers.withUnsafeBufferPointer { numbers in
          guard let base = numbers.baseAddress else { return }
          _ = graph.lossAndGradient(
            TokenWindow(tokens), weights, scale: LossScale(prompt: 1, reply: 1),
            soft: SoftTargets(Self.file, numbers: base, share: 0.5), addingTo: gradient.whole)
        }
      }
      return (0..<layout.count).map { Double(gradient.whole[0, $0]) }
    }
    for (float, double) in zip(gradient(Float.self), gradient(Double.self)) {
      #expect(abs(float - double) < 2e-4 * max(1, abs(double)))
    }
  }
}
