import Basics
import Kernels
import Networks
import Testing

@Suite("Codes with a scale a row")
struct RowCodesTests {
  @Test("Known answers: halves go to the even code, a row of zeros stays, no number becomes 0")
  func knownAnswers() {
    let weights: [Float] = [7, 0.5, -2.5, 0, 0, 0, -3.5, 0.25, .nan]
    let rounded = RowCodes(rounding: weights[...], columnCount: 3, levels: 7)
    #expect(rounded.codes == [7, 0, -2, 0, 0, 0, -7, 0, 0])
    #expect(rounded.scales == [1, 0, 0.5])
    #expect(rounded.values == [7, 0, -2, 0, 0, 0, -3.5, 0, 0])
    #expect(RowCodes(rounding: weights[3..<6], columnCount: 1, levels: 7).rowCount == 3)
  }

  @Test("What is trained is what is exported, bit for bit", arguments: InstructionSet.available, [3, 7, 127])
  func kernel(instructionSet: InstructionSet, levels: Int) throws {
    let kernels = try #require(TunedKernels(instructionSet))
    let arena = Arena<Float>(capacity: 1 << 12)
    let (x, y) = (arena.takeMatrix(19, 37), arena.takeMatrix(19, 37))
    var generator = SeededGenerator(seed: 7)
    var weights: [Float] = []
    for row in 0..<19 {
      for column in 0..<37 {
        x[row, column] = row == 4 ? 0 : Float(generator.unit() - 0.5) * Float(1 + row * row)
        weights.append(x[row, column])
      }
    }
    kernels.roundRows(x, levels: levels, rounded: y)
    let found = RowCodes(rounding: weights[...], columnCount: 37, levels: levels).values
    for row in 0..<19 {
      for column in 0..<37 { #expect(found[row * 37 + column] == y[row, column]) }
    }
  }
}
