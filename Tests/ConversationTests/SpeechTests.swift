import Basics
import Conversation
import Foundation
import Testing

/// A model token by token, as a server asks it. The model prefers what it is told to, by a nat each.
@Suite("Speech") struct SpeechTests {
  private func speech(_ prompt: String, _ favourites: [UInt8], isHealed: Bool = true) throws -> any Speech {
    try FixedModel(favourites: favourites).speaking.speech(
      SpeechRequest(prompt: Array(prompt.utf8), isHealed: isHealed))
  }

  @Test("a prompt's tokens come with what was expected of them, but for the first")
  func reading() throws {
    var speech = try speech("auv", [0x82, UInt8(ascii: "a")])
    let (first, second) = (try speech.read(), try speech.read())
    #expect(first?.bytes == Array("a".utf8) && first?.distribution == nil)
    #expect(second?.bytes == Array("uv".utf8) && speech.promptTokenCount == 2)
    #expect(try speech.read() == nil)
    // Logits of 2, 1 and 254 times 0.
    let normaliser = log(exp(2.0) + exp(1.0) + 254)
    let distribution = try #require(second?.distribution)
    #expect(abs(distribution.logprob(of: 0x82) - (2 - normaliser)) < 1e-12)
    #expect(abs(distribution.logprob(of: 7) + normaliser) < 1e-12)
    #expect(distribution.likeliest(3).map(\.token) == [0x82, 0x61, 0])
    #expect(distribution.likeliest(300).count == 256)
  }

  @Test("a healed end has the probabilities of what goes on with it, and shows what is new")
  func healing() throws {
    // "te" is held back; "uv" is likelier than "tee", but does not go on with it.
    var speech = try speech("ate", [0x82, 0x81, 0x80])
    while try speech.read() != nil {}
    let spoken = try speech.say()
    #expect(spoken.bytes == Array("e".utf8) && spoken.token == 0x81 && !spoken.isRepetition)
    #expect(spoken.heldByteCount == 2)
    let distribution = try #require(spoken.distribution)
    // "tee", "tea" and the byte "t" with logits 2, 1 and 0.
    #expect(abs(distribution.logprob(of: 0x81) - (2 - log(exp(2.0) + exp(1.0) + 1))) < 1e-12)
    #expect(distribution.logprob(of: 0x82) == -.infinity)
    #expect(distribution.likeliest(9).map(\.token) == [0x81, 0x80, 0x74])
    #expect(try speech.say().bytes == Array("uv".utf8))

    // Byte by byte it says again what the prompt said.
    var slow = try self.speech("ate", [UInt8(ascii: "t"), UInt8(ascii: "e"), 0x82])
    while try slow.read() != nil {}
    #expect(try slow.say().isRepetition)

    // As it stands, nothing is held back.
    var plain = try self.speech("ate", [0x82], isHealed: false)
    #expect(plain.promptTokenCount == 3)
    while try plain.read() != nil {}
    #expect(try plain.say().bytes == Array("uv".utf8))
  }

  @Test("the byte that ends a document is an end, and an empty prompt is refused")
  func ends() throws {
    var speech = try speech("a\n", [0])
    while try speech.read() != nil {}
    #expect(try speech.say().isEnd && speech.room == nil)
    let error = #expect(throws: HintedError.self) { try self.speech("", [0]) }
    #expect(error?.status == .usage)
  }
}
