import Curation
import Testing

@Suite("Diversity")
struct DiversityTests {
  private func report(_ texts: [String]) -> DiversityReport {
    var meter = DiversityMeter()
    for text in texts { meter.add(text) }
    return meter.finished()
  }

  /// Counted by hand: words a b a b c, c d; pairs ab ba ab bc, cd; triples aba bab abc, none.
  @Test("runs of words, openings, lengths and bytes are counted")
  func counts() {
    let report = report(["A b, a b c", "C d"])
    #expect(report.distinct == [4.0 / 7, 4.0 / 5, 1] && report.wordCount == 7 && report.vocabularyCount == 4)
    #expect(report.openings.map(\.text) == ["a b a", "c d"] && report.distinctOpenings == 1)
    #expect(report.byteCount == 13 && report.byteValueCount == 8)
    #expect(report.lengthQuantiles == [3, 3, 3, 3, 10])
    #expect(report.lengths.map(\.leastByteCount) == [2, 4, 8] && report.lengths.map(\.count) == [1, 0, 1])
  }

  @Test("names are words with a capital inside a sentence, once a text")
  func names() {
    let report = report(["The cat saw Lily and Lily ran. Tom hid.\nThen Tim, I and Ben sat.", "we saw Lily"])
    #expect(report.names.map(\.text) == ["Lily", "Ben", "Tim"] && report.names.map(\.share) == [1, 0.5, 0.5])
  }

  @Test("alarms say what is too common, and are silent where nothing is")
  func alarms() {
    func words(_ number: Int) -> String {
      (0..<30).map { "w\((number * 31 + $0 * $0 * 7) % 997)" }.joined(separator: " ")
    }
    #expect(report((0..<100).map(words)).alarms == [])
    let once = report((0..<100).map { ($0 < 30 ? "once upon a " : "") + words($0) })
    #expect(once.alarms.count == 1 && once.alarms[0].contains("'once upon a'"))
    let lily = report((0..<100).map { words($0) + ($0 < 40 ? " to Lily" : "") })
    #expect(lily.alarms.count == 1 && lily.alarms[0].contains("'Lily'"))
    #expect(report((0..<100).map { _ in words(1) }).alarms.contains { $0.contains("pairs of words") })
    #expect(report(["one"]).alarms.count == 1)
  }
}
