import Basics
import Conversation
import Lineage
import Networks
import Testing

/// A model of fixed logits, with strings that begin alike.
private struct FixedModel: RunnableModel {
  /// The likeliest first.
  var favourites: [UInt8]
  let id = ContentID(of: "fixed")
  let path = "fixed"
  let note: String? = nil
  let vocabulary: Vocabulary
  let defaultContext = 8
  let logitKind = LogitKind.float

  init(favourites: [UInt8]) throws {
    self.favourites = favourites
    vocabulary = try Vocabulary(
      strings: [0x80: Array("tea".utf8), 0x81: Array("tee".utf8), 0x82: Array("uv".utf8)], unknownToken: 0xFF)
  }

  func check(_ settings: TalkSettings) throws {}
  func image() throws -> [UInt8] { throw HintedError("no image") }
  func evaluation(of text: [UInt8], _ request: EvaluationRequest) async throws -> TextEvaluation {
    throw HintedError("not measured")
  }

  func engine(_ kind: HostEngine, context: Int) throws -> any LogitSource {
    var logits = [Float](repeating: 0, count: 256)
    for (rank, token) in favourites.enumerated() { logits[Int(token)] = Float(favourites.count - rank) }
    return FixedSource(logits: logits)
  }
}

private struct FixedSource: LogitSource {
  var logits: [Float]
  let contextLength = 8
  mutating func reset() {}
  mutating func step(_ byte: UInt8) throws -> [Float] { logits }
  func sampler(_ sampling: Sampling?, stream: UInt64) throws -> any ByteSampler { GreedySampler() }
}

@Suite struct AnswerTests {
  private func answer(_ prompt: String, _ favourites: [UInt8], byteCount: Int = 5) async throws -> Continuation {
    let talker = Talker(model: try FixedModel(favourites: favourites), context: 8, place: .host(.swift))
    return try await talker.answer(Array(prompt.utf8), AnswerRequest(byteCount: byteCount))
  }

  @Test func aPromptInsideAWordIsHealed() async throws {
    // "te" is held back; "uv" is likelier than "tee", but does not go on with it.
    #expect(try await answer("ate", [0x82, 0x81, 0x80]).text == "euvuv")
    #expect(try await answer("ate\n", [0x82, 0x81, 0x80]).text == "uvuvu")
    // "t" and then "tea"'s rest are allowed as bytes, too.
    #expect(try await answer("ate", [UInt8(ascii: "t"), UInt8(ascii: "e"), 0x82]).text == "ttttt")
  }

  @Test func nothingButTheUnknownTokenEnds() async throws {
    #expect(try await answer("a", [0xFF], byteCount: 100).output == [])
    let replies = try await FixedModel(favourites: [0xFF]).replies(to: [[0x61]], on: .swift, byteLimit: 100)
    #expect(replies.map(\.bytes) == [[]] && replies.map(\.isComplete) == [false])
    #expect(replies.map(\.tokenCount) == [100])
  }

  @Test func unknownBytesAreCounted() async throws {
    let talker = Talker(model: try FixedModel(favourites: [0x82]), context: 8, place: .host(.swift))
    #expect(try await talker.answer([0x61, 0xFF, 0x80, 0x62], AnswerRequest(byteCount: 2)).unknownByteCount == 2)
  }
}
