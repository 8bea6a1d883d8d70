import Basics
import Lineage
import TestSupport
import Testing
import Vocabularies

@Suite struct VocabularyLearnerTests {
  private func documents(_ lines: String...) -> [[UInt8]] { lines.map { Array($0.utf8) } }

  private func strings(_ vocabulary: Vocabulary) -> [String] {
    vocabulary.stringTokens.map { String(decoding: vocabulary.tokens[Int($0)], as: UTF8.self) }
  }

  @Test func wordsAreLearnedWithTheSpaceBeforeThem() throws {
    let texts = documents(
      "> set the kitchen to 21 degrees\n< Kitchen at 21.", "> set the kitchen to 19 degrees\n< Kitchen at 19.")
    let vocabulary = try VocabularyLearner(marks: ["> ", "< "]).learn(from: texts)
    #expect(strings(vocabulary).contains(" kitchen"))
    #expect(vocabulary.unknownToken == 255)
    #expect(texts.allSatisfy { vocabulary.decode(vocabulary.encode($0)) == $0 })
    #expect(strings(vocabulary).allSatisfy { !$0.dropFirst().contains(" ") && !$0.contains(where: "<>\n".contains) })
  }

  @Test func everyByteOfTheTextsStaysAByte() throws {
    let texts = documents("zebra\u{e9} Zebra\u{e9} zebra\u{e9}")
    let vocabulary = try VocabularyLearner(marks: []).learn(from: texts)
    for byte in texts[0] + [0, 10] { #expect(vocabulary.isByte(byte)) }
    #expect(!vocabulary.stringTokens.isEmpty)
  }

  @Test func allByteValuesInUseLeaveBytes() throws {
    let all = Array(UInt8.min...UInt8.max)
    #expect(try VocabularyLearner(marks: []).learn(from: [all, all]).isIdentity)
    #expect(try VocabularyLearner(marks: []).learned().isIdentity)
  }

  /// Two documents of three are as one that was said twice, in any order.
  @Test func countsAreRepeatsAndOrderDoesNotMatter() throws {
    let texts = documents("warm the office", "cool the attic down", "warm the office", "warmer, please")
    let repeated = try VocabularyLearner(marks: []).learn(from: texts)
    var counted = VocabularyLearner(marks: [])
    counted.add(document: texts[3])
    counted.add(document: texts[0], count: 2)
    counted.add(document: texts[1])
    counted.add(document: texts[2], count: 0)
    #expect(try counted.learned() == repeated)
  }

  /// Evidence for greedy use: plain merges made 2.19 bytes a token on this text (notebooks/LOG.md).
  @Test(.enabled(if: SharedData.isPresent, Comment(rawValue: SharedData.skipReason)))
  func storiesTakeFewerTokensThanPlainMerges() throws {
    let text = try AtomicFile.read(try #require(SharedData.path("tinystories/sample.txt")))
    let vocabulary = try VocabularyLearner(marks: []).learn(from: [Array(text.dropLast(text.count / 10))])
    let bytesPerToken = Double(text.count) / Double(vocabulary.encode(text).count)
    #expect(bytesPerToken > 2.30)
    let entries = vocabulary.stringTokens.reduce(0) { $0 + vocabulary.tokens[Int($1)].count + 1 }
    #expect(entries + 48 + 1 + 4 <= 1024)
  }
}
