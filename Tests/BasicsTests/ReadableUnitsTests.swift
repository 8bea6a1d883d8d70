import Basics
import Testing

@Suite("ReadableUnits")
struct ReadableUnitsTests {
  @Test("Byte counts", arguments: [(0, "0 B"), (1_023, "1023 B"), (1_024, "1.0 KiB"), (20_583, "20.1 KiB")])
  func bytes(count: Int, text: String) {
    #expect(ReadableUnits.bytes(count) == text)
  }

  @Test(
    "Large byte counts",
    arguments: [(3_565_158, "3.4 MiB"), (1 << 30, "1.0 GiB"), (1 << 52, "4096.0 TiB"), (1_048_575, "1.0 MiB")])
  func largeBytes(count: Int, text: String) {
    #expect(ReadableUnits.bytes(count) == text)
  }

  @Test(
    "Durations",
    arguments: [
      (0, "0 ms"), (0.85, "850 ms"), (12.34, "12.3 s"), (250, "4 min 10 s"), (7_500, "2 h 5 min"),
    ])
  func durations(seconds: Double, text: String) {
    #expect(ReadableUnits.duration(seconds: seconds) == text)
  }

  /// A number on the border of two units must not be rounded to a text that the next unit would say otherwise.
  @Test("Durations on a border", arguments: [(0.9996, "1.0 s"), (59.96, "1 min 0 s"), (3_599.6, "1 h 0 min")])
  func borders(seconds: Double, text: String) {
    #expect(ReadableUnits.duration(seconds: seconds) == text)
  }

  @Test(
    "Dollars",
    arguments: [
      (0, "$0.00"), (12.341, "$12.34"), (0.01, "$0.01"), (0.0048, "$0.0048"), (0.000_048, "$0.000048"),
      (1e-9, "$0.0000000010"),
    ])
  func dollars(amount: Double, text: String) {
    #expect(ReadableUnits.dollars(amount) == text)
  }

  @Test("Counts", arguments: [(0, "0"), (999, "999"), (1_000, "1,000"), (-1_234_567, "-1,234,567")])
  func counts(count: Int, text: String) {
    #expect(ReadableUnits.count(count) == text)
  }
}
