import Basics
import Export
import Formats
import Networks
import Testing

@Suite struct Int8FormTests {
  private func checkpoint(_ parameters: (Int) -> Float) -> GPTCheckpoint {
    let shape = GPTShape(modelWidth: 4, layerCount: 1, headCount: 2, feedForwardWidth: 6, contextLength: 8)
    let values = (0..<shape.parameterCount).map(parameters)
    let zeros = [Float](repeating: 0, count: values.count)
    let settings = TrainingSettings(
      recipe: "test", stepCount: 1, batchCount: 1, windowTokenCount: 8, seed: 0, initialScale: 1, learningRate: 0,
      warmUpStepCount: 0, schedule: .constant, beta1: 0, beta2: 0, epsilon: 1, weightDecay: 0, muon: nil,
      scales: .learned, clipNorm: nil, evaluationInterval: 1)
    return GPTCheckpoint(
      shape: shape, settings: settings, dataID: ContentID(of: []), step: 0, generator: SeededGenerator(seed: 0),
      parameters: values, firstMoment: zeros, secondMoment: zeros)
  }

  /// By hand: 256 rows of 4 twice, 8 positions, and one block; norms are 6 vectors of 4 floats.
  @Test func bytesAreCountedExactly() {
    let rows = 256 + 8 + 4 * 4 + 6 + 4 + 256
    let weights = (256 + 8 + 16 + 6 + 256) * 4 + 4 * 6
    #expect(Int8Form(checkpoint { _ in 1 }).byteCount == weights + 4 * rows + 6 * 4 * 4)
    #expect(Int8Form.byteCount(of: .gpt60K) == 60_808 - 14 * 44 + 4 * (2 * 256 + 64 + 3 * (4 * 44 + 88)) + 14 * 44 * 4)
  }

  @Test func everyWeightIsWithinHalfAStepAndTheLargestIsExact() {
    var generator = SeededGenerator(seed: 2)
    let checkpoint = checkpoint { _ in Float(generator.unit() - 0.5) }
    let form = Int8Form(checkpoint)
    for tensor in checkpoint.layout.tensors {
      for row in 0..<tensor.rowCount {
        let range = tensor.offset + row * tensor.columnCount..<tensor.offset + (row + 1) * tensor.columnCount
        let largest = checkpoint.parameters[range].map(\.magnitude).max() ?? 0
        for index in range {
          let error = abs(form.parameters[index] - checkpoint.parameters[index])
          #expect(error <= (tensor.rowCount == 1 ? 0 : largest / 254 * 1.0001))
        }
        if tensor.rowCount > 1 { #expect(form.values[range].map { abs(Int($0)) }.max() == 127) }
      }
    }
  }

  @Test func rowsOfZerosStayZero() {
    let form = Int8Form(checkpoint { _ in 0 })
    #expect(form.parameters.allSatisfy { $0 == 0 })
  }
}
