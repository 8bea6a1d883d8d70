import Basics
import Testing

@Suite("SeededGenerator")
struct SeededGeneratorTests {
  /// The five values that Rosetta Code's "Pseudo-random numbers/Splitmix64" lists for the seed 1234567, and the first
  /// ones of Vigna's splitmix64.c for the seed 0.
  @Test("Known answers of SplitMix64")
  func knownAnswers() {
    var generator = SeededGenerator(seed: 1_234_567)
    let expected: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423, 4_593_380_528_125_082_431,
      16_408_922_859_458_223_821,
    ]
    #expect((0..<5).map { _ in generator.next() } == expected)
    var fromZero = SeededGenerator(seed: 0)
    #expect(fromZero.next() == 0xE220_A839_7B1D_CDAF)
    #expect(fromZero.next() == 0x6E78_9E6A_A1B9_65F4)
  }

  @Test("Numbers below a bound stay below it and are spread evenly", arguments: [1, 2, 6, 1_000])
  func bounds(bound: Int) {
    var generator = SeededGenerator(seed: 9)
    var counts = Array(repeating: 0, count: bound)
    let drawCount = bound * 200
    for _ in 0..<drawCount { counts[generator.below(bound)] += 1 }
    // Chi-squared with bound - 1 degrees of freedom: mean bound - 1, variance twice that; six deviations of room.
    let chiSquared = counts.reduce(0.0) { $0 + Double(($1 - 200) * ($1 - 200)) / 200 }
    let freedom = Double(bound - 1)
    #expect(chiSquared <= freedom + 6 * (2 * freedom).squareRoot())
  }

  @Test("Unit numbers lie in 0 ..< 1 and average a half")
  func unit() {
    var generator = SeededGenerator(seed: 4)
    let numbers = (0..<10_000).map { _ in generator.unit() }
    #expect(numbers.allSatisfy { (0..<1).contains($0) })
    let mean = numbers.reduce(0, +) / 10_000
    let standardError = 1 / Double(12 * 10_000).squareRoot()
    #expect(abs(mean - 0.5) < 6 * standardError)
  }

  @Test("Streams repeat, differ from each other, and leave their parent as it was")
  func streams() {
    let generator = SeededGenerator(seed: 8)
    var firsts: Set<UInt64> = []
    for number in 0..<1_000 as Range<UInt64> {
      var stream = generator.stream(number)
      var again = generator.stream(number)
      let first = stream.next()
      #expect(first == again.next())
      firsts.insert(first)
    }
    #expect(firsts.count == 1_000)
    #expect(generator == SeededGenerator(seed: 8))
  }
}
