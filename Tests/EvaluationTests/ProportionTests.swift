import Formats
import Testing

@Suite struct ProportionTests {
  /// Wilson's interval, computed from its formula by another program.
  @Test(
    arguments: [
      (10, 10, 0.722_467, 1.0), (0, 10, 0.0, 0.277_533), (50, 100, 0.403_832, 0.596_168),
      (480, 500, 0.939_026, 0.973_959),
    ])
  func intervals(right: Int, count: Int, lower: Double, upper: Double) {
    let interval = Proportion(rightCount: right, count: count).interval
    #expect(abs(interval.lowerBound - lower) < 1e-5 && abs(interval.upperBound - upper) < 1e-5, "\(interval)")
  }

  @Test func whatIsNotAllNeverReadsAsAll() {
    #expect(Proportion(rightCount: 9999, count: 10_000).percent == "99.9")
    #expect(Proportion(rightCount: 1, count: 10_000).percent == "0.1")
    #expect(Proportion(rightCount: 3, count: 3).percent == "100.0")
  }
}
