import Basics
import Formats
import Foundation
import Kernels
import Model
import Networks
import Testing

@Suite struct CompactEngineTests {
  private static let shape = CompactShape(
    modelWidth: 21, layerCount: 2, stateWidth: 12, gateCount: 4, hiddenWidth: 19, passCount: 2)
  private static let parameters: [Float] = {
    var generator = SeededGenerator(seed: 5)
    return (0..<CompactLayout(shape).count).map { _ in Float(generator.unit() - 0.5) }
  }()
  private static let text = Array("Once upon a time there was a little fox. He could talk, and he did so.".utf8)

  @Test("its logits cost what the training graph says, and a state forgets nothing but by a reset")
  func agreesWithGraph() throws {
    let layout = CompactLayout(Self.shape)
    let parameters = Arena<Float>(capacity: layout.count)
    for (index, value) in Self.parameters.enumerated() { parameters.whole[0, index] = value }
    let kernels = try #require(TunedKernels(.best))
    let weights = CompactWeights(kernels: kernels, layout: layout)
    for piece in 0..<weights.pieceCount { weights.refresh(piece: piece, from: parameters.whole, rounding: .ternary) }
    let graph = CompactGraph(kernels: kernels, layout: layout, windowTokenCount: Self.text.count)
    let expected = Self.text.withUnsafeBufferPointer { graph.loss($0, weights) }
    var engine = try CompactEngine(shape: Self.shape, parameters: Self.parameters, contextLength: 1)
    for _ in 0..<2 {
      engine.reset()
      let found = zip(Self.text, Self.text.dropFirst()).reduce(0) { sum, pair in
        let logits = engine.step(pair.0)
        return sum + log(logits.reduce(0) { $0 + exp(Double($1)) }) - Double(logits[Int(pair.1)])
      }
      #expect(abs(found - expected) < 1e-4 * expected)
    }
  }

  @Test("parameters of another shape are refused")
  func refusals() {
    #expect(throws: HintedError.self) {
      try CompactEngine(shape: Self.shape, parameters: Array(Self.parameters.dropLast()), contextLength: 1)
    }
  }

  @Test("rows round to the nearest of seven steps to either side, ties to even, as the kernel does")
  func rounding() throws {
    let rows: [Float] = [3.5, -1.75, 0.25, 0.76, 0, 0, 0, 0, 7, 0.5, 1.5, -2.5]
    let codes = RowCodes(rounding: rows[...], columnCount: 4, levels: 7)
    #expect(codes.codes == [7, -4, 0, 2, 0, 0, 0, 0, 7, 0, 2, -2])
    #expect(codes.scales == [0.5, 0, 1])
    let (source, target) = (Arena<Float>(capacity: 12), Arena<Float>(capacity: 12))
    for (index, value) in rows.enumerated() { source.whole[0, index] = value }
    func matrix(_ arena: Arena<Float>) -> MatrixView<Float> {
      MatrixView(arena.whole.base, rowCount: 3, columnCount: 4, rowStride: 4)
    }
    try #require(TunedKernels(.best)).roundRows(matrix(source), levels: 7, rounded: matrix(target))
    #expect((0..<12).map { target.whole[0, $0] } == codes.values)
  }
}
