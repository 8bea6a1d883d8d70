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

  @Test("words of lists are counted once a document, in whatever case, and none where nobody says them")
  func coverage() {
    var meter = CoverageMeter(lists: ["room": ["hall", "living room", "attic"], "tone": ["calm"]])
    for text in ["In the Living  Room and the hall, the HALL.", "hallway, living. room", "so calm"] { meter.add(text) }
    let coverage = meter.finished()
    #expect(coverage.map(\.list) == ["room", "tone"] && coverage.map(\.foundCount) == [2, 1])
    #expect(coverage[0].words.map(\.text) == ["attic", "hall", "living room"])
    #expect(coverage[0].words.map(\.documentCount) == [0, 1, 2])
  }

  @Test("sets of near copies are counted by their size")
  func sets() async throws {
    let story = "the cat went down to the river to look for a fish, and then it went home again"
    let copies = ["fish", "frog", "fly"].map { story.replacing("fish", with: $0) }
    let sizes = try await DiversityReport.setSizes(
      of: copies + ["nothing like it at all", "and something else again"], threadCount: 2)
    #expect(sizes.map(\.leastTextCount) == [1, 2] && sizes.map(\.count) == [2, 1])
  }

  @Test("a list of which most words brought nothing raises an alarm, and so do texts that compress too well")
  func moreAlarms() {
    var meter = DiversityMeter()
    for number in 0..<100 { meter.add((0..<30).map { "w\((number * 31 + $0 * $0 * 7) % 997)" }.joined(separator: " ")) }
    let lists = [ListCoverage(list: "room", kind: .labels, counts: ["a": 0, "b": 0, "c": 9])]
    let report = meter.finished(compressionRatio: 9.5, coverage: lists)
    #expect(report.alarms.count == 2 && report.alarms[0].contains("9.5 times"))
    #expect(report.alarms[1].contains("2 of 3 words of the list room") && report.alarms[1].contains("'a', 'b'"))
  }

  @Test("a watch says once that texts begin alike, or use the same pairs of words, and is silent where they do not")
  func watch() {
    func lines(_ answers: [String]) -> [String] {
      var watch = DiversityWatch(boundary: .blankLine)
      return answers.compactMap { watch.add(answer: $0) }
    }
    func words(_ number: Int) -> String {
      (0..<30).map { "w\((number * 31 + $0 * $0 * 7) % 997)" }.joined(separator: " ")
    }
    func begun(_ number: Int) -> String { (number % 10 < 3 ? "Once upon a " : "") + words(number) }
    #expect(lines((0..<1000).map(words)) == [])
    let once = lines((0..<1000).map(begun))
    #expect(once.count == 1 && once[0].contains("30 % begin with 'Once upon a'"))
    // Four texts an answer: what begins them counts, not what begins the answer.
    let several = lines((0..<100).map { number in (0..<4).map { words(4 * number + $0) }.joined(separator: "\n\n") })
    #expect(several == [])
    let same = lines((0..<1000).map { "\($0) " + words($0 % 3) })
    #expect(same.count == 1 && same[0].contains("pairs of words"))
    // Fewer than 200 texts say nothing.
    #expect(lines((0..<199).map { _ in "once upon a time" }) == [])
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
