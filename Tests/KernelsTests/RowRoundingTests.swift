import Basics
import Kernels
import Testing

/// Rounding with a scale a row: known answers, the tuned kernel against the naive one, and what a scale promises.
@Suite("Rounding rows")
struct RowRoundingTests {
  typealias Tuned = (kernels: TunedKernels, arena: Arena<Float>)

  private func tuned(_ instructionSet: InstructionSet) throws -> Tuned {
    (try #require(TunedKernels(instructionSet)), Arena<Float>(capacity: 1 << 16))
  }

  private func random(_ arena: Arena<Float>, _ rows: Int, _ columns: Int) -> MatrixView<Float> {
    var generator = SeededGenerator(seed: 33)
    let matrix = arena.takeMatrix(rows, columns)
    for row in 0..<rows {
      for column in 0..<columns { matrix[row, column] = Float(generator.unit() * 2 - 1) * Float(row + 1) }
    }
    return matrix
  }

  @Test("The largest has the last level, halves go to the even one, a row of zeros stays", arguments: [true, false])
  func knownAnswers(isTuned: Bool) throws {
    let (kernels, arena) = try tuned(.baseline)
    let (x, y) = (arena.takeMatrix(3, 6), arena.takeMatrix(3, 6))
    for (column, value) in ([7, 0.5, 1.5, -2.5, -6.5, 0.49] as [Float]).enumerated() {
      x[0, column] = value
      x[2, column] = -value / 4
    }
    if isTuned {
      kernels.roundRows(x, levels: 7, rounded: y)
    } else {
      NaiveKernels<Float>().roundRows(x, levels: 7, rounded: y)
    }
    #expect(y.row(0).elements == [7, 0, 2, -2, -6, 0])
    #expect(y.row(1).elements == [0, 0, 0, 0, 0, 0])
    #expect(y.row(2).elements == [-1.75, 0, -0.5, 0.5, 1.5, 0])
  }

  @Test(
    "Tuned equals naive, bit for bit, with noise and without", arguments: InstructionSet.available,
    [(1, 1), (3, 7), (5, 33), (4, 255), (9, 64)])
  func tunedEqualsNaive(instructionSet: InstructionSet, size: (rows: Int, columns: Int)) throws {
    let (kernels, arena) = try tuned(instructionSet)
    let naive = NaiveKernels<Float>()
    let x = random(arena, size.rows, size.columns)
    let (found, expected) = (arena.takeMatrix(size.rows, size.columns), arena.takeMatrix(size.rows, size.columns))
    let noise = RoundingNoise(width: 0.8, seed: 4, step: 17).dropping(300)
    for levels in [1, 3, 7, 127] {
      kernels.roundRows(x, levels: levels, rounded: found)
      naive.roundRows(x, levels: levels, rounded: expected)
      #expect(found.elements == expected.elements)
      kernels.roundRows(x, levels: levels, noise: noise, rounded: found)
      naive.roundRows(x, levels: levels, noise: noise, rounded: expected)
      #expect(found.elements == expected.elements)
    }
  }

  @Test("Each weight is a whole multiple of its row's scale, at most half of one away; again it stays where it is")
  func promises() throws {
    let (kernels, arena) = try tuned(.best)
    let x = random(arena, 6, 50)
    let (once, twice) = (arena.takeMatrix(6, 50), arena.takeMatrix(6, 50))
    kernels.roundRows(x, levels: 7, rounded: once)
    kernels.roundRows(once, levels: 7, rounded: twice)
    for row in 0..<6 {
      let scale = x.row(row).elements.map(abs).max().map { $0 / 7 } ?? 0
      for (weight, rounded) in zip(x.row(row).elements, once.row(row).elements) {
        #expect(abs(weight - rounded) <= scale * 0.500001)
        #expect((rounded / scale).rounded() * scale == rounded)
      }
    }
    for (a, b) in zip(once.elements, twice.elements) { #expect(abs(a - b) <= 1e-6 * abs(a)) }
  }

  @Test("Noise of width 1 rounds right on average, and never past the last level")
  func noise() throws {
    let (kernels, arena) = try tuned(.best)
    let (x, y) = (arena.takeMatrix(1, 4), arena.takeMatrix(1, 4))
    let weights: [Float] = [7, 2.3, -0.6, 0.1]
    for (column, weight) in weights.enumerated() { x[0, column] = weight }
    var sums = [Float](repeating: 0, count: 4)
    for step in 0..<20_000 {
      kernels.roundRows(x, levels: 7, noise: RoundingNoise(width: 1, seed: 1, step: step), rounded: y)
      for column in 0..<4 { sums[column] += y[0, column] }
      #expect(y.elements.allSatisfy { abs($0) <= 7 })
    }
    for column in 1..<4 { #expect(abs(sums[column] / 20_000 - weights[column]) < 0.02) }
    #expect(sums[0] == 140_000)
  }

  @Test("What is no number stays none", arguments: InstructionSet.available)
  func notANumber(instructionSet: InstructionSet) throws {
    let (kernels, arena) = try tuned(instructionSet)
    let (x, y) = (random(arena, 1, 40), arena.takeMatrix(1, 40))
    x[0, 21] = .nan
    kernels.roundRows(x, levels: 7, rounded: y)
    #expect(y[0, 21].isNaN)
  }
}
