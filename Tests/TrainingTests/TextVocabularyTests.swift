import Basics
import Formats
import Foundation
import Lineage
import Testing
import Training

@Suite("texts in tokens")
struct TextVocabularyTests {
  private static let choice = Recipe.VocabularyChoice.learned(marks: [])
  private static let text = Array(String(repeating: "The kitchen is warm.\nThe hall is cold.\n", count: 60).utf8)

  /// The text of tokens.
  private static func decoded(_ tokens: [UInt8], _ data: TrainingData) -> [UInt8] {
    tokens.flatMap { data.vocabulary.tokens[Int($0)] }
  }

  @Test("bytes are cut as ever")
  func bytes() throws {
    let data = try TrainingData(bytes: Self.text, window: 24, vocabulary: .bytes)
    #expect(data.id == (try TrainingData(text: Self.text, window: 24)).id)
    #expect(try data.heldOutByteCounts() == [Int](repeating: 23, count: data.heldOutWindowCount))
    #expect(try data.heldOutBytesPerToken() == 1)
  }

  @Test("the same text is held out, whatever the tokens are; what is left of a window is dropped at the ends")
  func border() throws {
    let bytes = try TrainingData(bytes: Self.text, window: 8, vocabulary: .bytes)
    let tokens = try TrainingData(bytes: Self.text, window: 8, vocabulary: Self.choice)
    #expect(!tokens.vocabulary.isIdentity && tokens.train.count < bytes.train.count / 2)
    #expect(bytes.train.starts(with: Self.decoded(tokens.train, tokens)))
    #expect(bytes.heldOut.starts(with: Self.decoded(tokens.heldOut, tokens)))
    #expect(tokens.heldOutWindowCount > 0)
  }

  @Test("nothing is learned from what is held out")
  func heldOutUnseen() throws {
    let data = try TrainingData(bytes: Self.text, window: 8, vocabulary: Self.choice)
    var other = Self.text
    for index in other.count * 95 / 100..<other.count { other[index] = 0xFF }
    let changed = try TrainingData(bytes: other, window: 8, vocabulary: Self.choice)
    #expect(changed.vocabulary == data.vocabulary && changed.train == data.train)
    let unknown = try changed.heldOutUnknownByteCount()
    #expect(unknown > 0 && unknown == changed.heldOut.count { $0 == changed.vocabulary.unknownToken })
    #expect(try data.heldOutUnknownByteCount() == 0)
    #expect(changed.id != data.id)
  }

  @Test("bytes are counted for the predicted tokens, a window's first one not, an unknown byte as one")
  func byteCounts() throws {
    let vocabulary = try Vocabulary(strings: [200: Array("he".utf8)], unknownToken: 255)
    let data = try TrainingData(
      trainBytes: Array("hehehehe".utf8), heldOutBytes: Array("heahe~ahehehehe".utf8), window: 4, vocabulary: vocabulary
    )
    // he a he ~ | a he he he | he: the last window is not whole. "~" is known, as a byte of its own.
    #expect(data.heldOut == [200, 97, 200, 126, 97, 200, 200, 200])
    #expect(try data.heldOutByteCounts() == [1 + 2 + 1, 6])
    #expect(abs(try data.heldOutBytesPerToken() - 10.0 / 6) < 1e-12)
    let unknown = try TrainingData(
      trainBytes: Array("hehehehe".utf8), heldOutBytes: [200, 200, 97, 200], window: 4, vocabulary: vocabulary)
    #expect(try unknown.heldOut == [255, 255, 97, 255] && unknown.heldOutByteCounts() == [3])
  }

  @Test("of documents every token but the first is counted, and the end")
  func documents() throws {
    let vocabulary = try Vocabulary(strings: [200: Array("he".utf8)], unknownToken: 255)
    let list = try DocumentList([TokenDocument(tokens: [200, 97, 200]), TokenDocument(tokens: [200])])
    let unknown = try DocumentList([TokenDocument(tokens: [255, 97]), TokenDocument(tokens: [255])])
    let data = try TrainingData(train: list, heldOut: list, window: 2, vocabulary: vocabulary)
    #expect(try data.heldOutByteCounts() == [1 + 2 + 1, 1])
    #expect(try data.heldOutBytesPerToken() == 5.0 / 4)
    #expect(try data.cut(window: 4).windowTokenCount == 4 && data.heldOutUnknownByteCount() == 0)
    let lacking = try TrainingData(train: list, heldOut: unknown, window: 2, vocabulary: vocabulary)
    #expect(try lacking.heldOutUnknownByteCount() == 2)
  }

  @Test("the bytes are what the trainer divides its windows' losses by", arguments: [true, false])
  func trainersBytes(hasVocabulary: Bool) throws {
    let settings = TrainingFixture.settings
    let data = try TrainingData(
      bytes: Self.text, window: settings.windowTokenCount, heldOutFraction: 0.4,
      vocabulary: hasVocabulary ? Self.choice : .bytes)
    let trainer = try Trainer(shape: TrainingFixture.shape, settings: settings, data: data, threadCount: 1)
    let nats = try trainer.heldOutWindowNats()
    let counts = try data.heldOutByteCounts()
    #expect(nats.count == counts.count && !nats.isEmpty)
    let bits = nats.reduce(0, +) / Double(counts.reduce(0, +)) / log(2)
    #expect(abs(bits - (try trainer.heldOutBitsPerByte())) < 1e-9)
  }

  @Test("other parameters are measured, and the trainer goes on with its own")
  func otherParameters() throws {
    let trainer = try Trainer(
      shape: TrainingFixture.shape, settings: TrainingFixture.settings, data: TrainingFixture.data(), threadCount: 1)
    let before = try trainer.heldOutWindowNats()
    let own = trainer.checkpoint().parameters
    let zeros = try trainer.heldOutWindowNats(with: [Float](repeating: 0, count: own.count))
    // A model of zeros knows nothing: every byte costs ln 256.
    #expect(zeros.allSatisfy { abs($0 - 23 * 8 * log(2)) < 1e-3 }, "\(zeros.prefix(3))")
    #expect(try trainer.heldOutWindowNats() == before && trainer.checkpoint().parameters == own)
  }
}
