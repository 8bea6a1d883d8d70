import Basics
import Kernels
import Testing

/// The kernels that walk over flat vectors, tuned against naive.
@Suite struct OptimiserKernelTests {
  static let count = 1003

  private func vectors<Scalar: RealNumber>(_ arena: Arena<Scalar>, rows: Int) -> MatrixView<Scalar> {
    var generator = SeededGenerator(seed: 21)
    let matrix = arena.takeMatrix(rows, Self.count)
    for row in 0..<rows {
      for column in 0..<Self.count { matrix[row, column] = Scalar(Float(generator.unit() * 2 - 1)) }
    }
    return matrix
  }

  @Test(arguments: InstructionSet.available)
  func ternaryRoundingEqualsNaiveBitForBit(instructionSet: InstructionSet) throws {
    let tuned = try #require(TunedKernels(instructionSet))
    let naive = NaiveKernels<Float>()
    let arena = Arena<Float>(capacity: 8 * Self.count)
    let x = vectors(arena, rows: 1)
    let alpha = Float(tuned.absoluteSum(x) / Double(Self.count))
    // Halves of alpha are ties: they round to even, which is zero.
    x[0, 0] = alpha / 2
    x[0, 1] = -alpha / 2
    x[0, 2] = alpha * 1.5
    let (found, expected) = (arena.takeVector(Self.count), arena.takeVector(Self.count))
    tuned.roundToTrits(x, alpha: alpha, scale: 3, rounded: found)
    naive.roundToTrits(x, alpha: alpha, scale: 3, rounded: expected)
    #expect(found.elements == expected.elements)
    #expect(found.elements[0..<3] == [0, 0, 3])
    #expect(tuned.absoluteSum(x) == naive.absoluteSum(x))
  }

  @Test("Noisy rounding is the naive one's, bit for bit", arguments: InstructionSet.available)
  func noisyRounding(instructionSet: InstructionSet) throws {
    let tuned = try #require(TunedKernels(instructionSet))
    let arena = Arena<Float>(capacity: 16 * Self.count)
    let x = vectors(arena, rows: 1)
    let (found, expected, plain) = (
      arena.takeVector(Self.count), arena.takeVector(Self.count), arena.takeVector(Self.count)
    )
    let noise = RoundingNoise(width: 0.7, seed: 3, step: 41).dropping(1000)
    tuned.roundToTrits(x, alpha: 0.3, scale: 2, noise: noise, rounded: found)
    NaiveKernels<Float>().roundToTrits(x, alpha: 0.3, scale: 2, noise: noise, rounded: expected)
    tuned.roundToTrits(x, alpha: 0.3, scale: 2, rounded: plain)
    #expect(found.elements == expected.elements)
    #expect(found.elements != plain.elements)
  }

  @Test(arguments: InstructionSet.available)
  func lanesAreAddedInOrder(instructionSet: InstructionSet) throws {
    let tuned = try #require(TunedKernels(instructionSet))
    let arena = Arena<Float>(capacity: 16 * Self.count)
    let lanes = vectors(arena, rows: 5)
    let (found, expected) = (arena.takeVector(Self.count), arena.takeVector(Self.count))
    tuned.addLanes(lanes, sum: found)
    NaiveKernels<Float>().addLanes(lanes, sum: expected)
    #expect(found.elements == expected.elements)
  }

  @Test(arguments: InstructionSet.available)
  func sumOfSquaresAndAdamWAgreeWithNaive(instructionSet: InstructionSet) throws {
    let tuned = try #require(TunedKernels(instructionSet))
    let (floats, doubles) = (Arena<Float>(capacity: 8 * Self.count), Arena<Double>(capacity: 8 * Self.count))
    let (found, expected) = (vectors(floats, rows: 4), vectors(doubles, rows: 4))
    let naive = NaiveKernels<Double>()
    let product = tuned.sumOfProducts(found.row(0), found.row(1))
    #expect(abs(product - naive.sumOfProducts(expected.row(0), expected.row(1))) < 1e-9)
    #expect(abs(tuned.sumOfSquares(found.row(0)) - naive.sumOfSquares(expected.row(0))) < 1e-9)
    for c in 0..<Self.count {
      // Second moments are never negative.
      found[3, c] = abs(found[3, c])
      expected[3, c] = abs(expected[3, c])
    }
    tuned.adamW(
      gradient: found.row(0), parameter: found.row(1), firstMoment: found.row(2), secondMoment: found.row(3),
      rule: rule())
    naive.adamW(
      gradient: expected.row(0), parameter: expected.row(1), firstMoment: expected.row(2),
      secondMoment: expected.row(3), rule: rule())
    for (a, b) in zip(found.elements, expected.elements) { #expect(abs(Double(a) - b) < 1e-5) }
  }

  private func rule<Scalar: RealNumber>() -> AdamWRule<Scalar> {
    AdamWRule(
      learningRate: 0.125, weightDecay: 0.25, beta1: 0.875, beta2: 0.9375, correction1: 0.5, correction2: 0.25,
      epsilon: 1e-3, gradientScale: 0.75)
  }

  /// One step from zero moments moves by the learning rate against the gradient's sign, whatever its size.
  @Test func firstAdamWStepIsTheLearningRate() throws {
    let arena = Arena<Double>(capacity: 64)
    let (gradient, parameter) = (arena.takeVector(2), arena.takeVector(2))
    gradient[0, 0] = 1e-3
    gradient[0, 1] = -7
    NaiveKernels().adamW(
      gradient: gradient, parameter: parameter, firstMoment: arena.takeVector(2),
      secondMoment: arena.takeVector(2),
      rule: AdamWRule(
        learningRate: 0.1, weightDecay: 0, beta1: 0.9, beta2: 0.999, correction1: 0.1, correction2: 0.001,
        epsilon: 0, gradientScale: 1))
    #expect(abs(parameter[0, 0] + 0.1) < 1e-9)
    #expect(abs(parameter[0, 1] - 0.1) < 1e-9)
  }
}
