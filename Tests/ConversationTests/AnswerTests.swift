import Basics
import Conversation
import Lineage
import Networks
import Testing

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

  @Test(
    "any of some bytes ends an answer wherever a token has it",
    arguments: [("v", "u"), ("xu", ""), ("x", "uvuvu"), ("xv", "u")])
  func stop(bytes: String, said: String) async throws {
    let talker = Talker(model: try FixedModel(favourites: [0x82]), context: 8, place: .host(.swift))
    let request = AnswerRequest(byteCount: 5, stops: Array(bytes.utf8))
    #expect(try await talker.answer(Array("a\n".utf8), request).text == said)
  }

  @Test func unknownBytesAreCounted() async throws {
    let talker = Talker(model: try FixedModel(favourites: [0x82]), context: 8, place: .host(.swift))
    #expect(try await talker.answer([0x61, 0xFF, 0x80, 0x62], AnswerRequest(byteCount: 2)).unknownByteCount == 2)
  }
}
