import Basics
import Formats
import Kernels
import Model
import Networks
import Testing

/// The weights that training computes with are the exporter's, bit for bit.
@Suite struct TrainingRoundingTests {
  @Test(arguments: InstructionSet.available)
  func effectiveWeightsEqualTheExporters(instructionSet: InstructionSet) throws {
    let layout = ParameterLayout(AtomeShape(modelWidth: 19, layerCount: 2, headWidth: 5, topK: 2, kernelSize: 3))
    let parameters = Arena<Float>(capacity: layout.count)
    var generator = SeededGenerator(seed: 77)
    for index in 0..<layout.count { parameters.whole[0, index] = Float(generator.unit() - 0.5) }
    // Ties, of magnitudes whose mean is 1, and a tensor so small that the scale's lower bound holds.
    let query = layout.layers[0].query.range
    let ties: [Float] = [0.5, -0.5, 1.5, -1.5]
    for (place, index) in query.enumerated() {
      parameters.whole[0, index] = place < query.count / 4 * 4 ? ties[place % 4] : 1
    }
    for index in layout.layers[1].key.range { parameters.whole[0, index] *= 1e-9 }
    let weights = EffectiveWeights(kernels: try #require(TunedKernels(instructionSet)), layout: layout)
    weights.refresh(from: parameters.whole)

    for tensor in layout.tensors where tensor != layout.scales {
      let floats = tensor.range.map { parameters.whole[0, $0] }
      let rounded = TernaryTensor(
        rounding: floats, rowCount: tensor.rowCount, columnCount: tensor.columnCount,
        scaleParameter: layout.scaleIndex(of: tensor).map { parameters.whole[0, $0] } ?? 0)
      let expected = tensor.isTernary ? rounded.trits.map { rounded.scale * Float($0) } : floats
      #expect(tensor.range.map { weights.values[0, $0] } == expected, "\(tensor.name)")
    }
  }
}
