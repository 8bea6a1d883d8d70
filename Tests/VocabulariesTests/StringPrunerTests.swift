import Basics
import Testing
import Vocabularies

@Suite struct StringPrunerTests {
  /// What a string is worth depends also on those that would stand in for it: "ab", "abc" and "bcd" in "abcd" do so
  /// for each other.
  @Test(arguments: 0..<20 as Range<UInt64>)
  func lossesAreThoseOfAFreshCount(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    func word(_ lengths: ClosedRange<Int>) -> [UInt8] {
      (0..<lengths.lowerBound + random.below(lengths.count)).map { _ in UInt8(97 + random.below(3)) }
    }
    var pieces = PieceTable(marks: [])
    for _ in 0..<200 { pieces.add(word(3...12), count: 1 + random.below(9)) }
    let strings = Set((0..<120).map { _ in word(2...6) }).sorted { $0.lexicographicallyPrecedes($1) }
    var pruner = StringPruner(pieces, strings: strings)
    #expect(pruner.stringsOfWrongLoss.isEmpty)
    let kept = pruner.prune(to: 30, byteLimit: 150)
    #expect(pruner.stringsOfWrongLoss.isEmpty)
    #expect(kept.count <= 30 && kept.reduce(0) { $0 + $1.count + 1 } <= 150)
  }
}
