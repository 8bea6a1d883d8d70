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

  /// What a corpus's vocabulary is decides every token of its students, so another one is another version: ties, the
  /// count of proposals and what is left out are part of that.
  @Test func vocabulariesOfKnownTextsAreKnown() throws {
    let vocabulary = try VocabularyLearner(marks: ["> ", "< "], stringLimit: 12).learn(from: Self.requests)
    #expect(strings(vocabulary) == Self.known)
  }

  private static let requests = [
    "> set the kitchen to 21 degrees", "> set the attic to 19 degrees", "< the kitchen is at 21 degrees now",
    "> is it warm in the kitchen?", "> is it cold in the attic?", "< it is 19 degrees in the attic",
    "> turn the heating in the kitchen off", "> turn the heating in the attic on", "< the heating is off now",
  ].map { Array($0.utf8) }
  private static let known = [
    " at", " attic", " degrees", " i", " in", " is", " kitchen", " t", " the", "at", "he",
  ]

  @Test func everyStringSavesTokens() throws {
    let vocabulary = try VocabularyLearner(marks: ["> ", "< "]).learn(from: Self.requests)
    func tokenCount(_ strings: [[UInt8]]) throws -> Int {
      let tokens = zip(UInt8(0x80)..., strings)
      let encoder = TokenEncoder(try Vocabulary(strings: Dictionary(uniqueKeysWithValues: tokens), unknownToken: 0xFF))
      return Self.requests.reduce(0) { $0 + encoder.encode($1).count }
    }
    let strings = vocabulary.stringTokens.map { vocabulary.tokens[Int($0)] }
    let all = try tokenCount(strings)
    for index in strings.indices {
      var others = strings
      others.remove(at: index)
      #expect(try tokenCount(others) > all, "\(String(decoding: strings[index], as: UTF8.self))")
    }
  }

  /// All values but three are used, and two of those three are free: "<" is a mark's.
  @Test func aMarkStaysAByteWhereNoTextUsesIt() throws {
    let unused = Set("<qz".utf8)
    let all = (UInt8.min...UInt8.max).filter { !unused.contains($0) }
    let words = Array("abab cdcd abab cdcd efef abab cdcd efef".utf8)
    let vocabulary = try VocabularyLearner(marks: ["< "]).learn(from: [all, words, words])
    #expect(vocabulary.unknownToken == UInt8(ascii: "z") && vocabulary.stringTokens == [UInt8(ascii: "q")])
    #expect(vocabulary.isByte(UInt8(ascii: "<")))
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
