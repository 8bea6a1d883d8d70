import Basics
import Serving
import Testing

@Suite("An answer as its tokens come") struct AnswerTextTests {
  private func tokens(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [AnswerToken] {
    var (rest, tokens) = (bytes[...], [AnswerToken]())
    while !rest.isEmpty {
      let count = random.below(4)
      tokens.append(AnswerToken(bytes: Array(rest.prefix(count)), logprob: 0))
      rest = rest.dropFirst(count)
    }
    return tokens
  }

  @Test("pieces make the text as far as the first stop, whatever the tokens, and each token comes once")
  func pieces() {
    var random = SeededGenerator(seed: 3)
    let letters: [[UInt8]] = [[0x61], [0x62], Array("é".utf8), Array("€".utf8), Array("😀".utf8), [0xFF], [0xE2]]
    for _ in 0..<2000 {
      let bytes = (0..<random.below(12)).flatMap { _ in letters[random.below(letters.count)] }
      let stops = random.below(2) == 0 ? [] : ["ab", "ba€", "aab"]
      let tokens = tokens(bytes, &random)
      var (answer, text, said) = (AnswerText(stops: stops), "", [AnswerToken]())
      for token in tokens {
        let piece = answer.hear(token)
        (text, said) = (text + piece.text, said + piece.tokens)
      }
      let rest = answer.flush()
      (text, said) = (text + rest.text, said + rest.tokens)
      let end = stops.compactMap { bytes.firstRange(of: Array($0.utf8))?.lowerBound }.min()
      #expect(text == String(decoding: bytes[..<(end ?? bytes.count)], as: UTF8.self))
      #expect(answer.isStopped == (end != nil))
      if end == nil { #expect(said == tokens) } else { #expect(tokens.starts(with: said)) }
    }
  }

  @Test("no piece ends inside a character or inside what may become a stop")
  func heldBack() {
    var answer = AnswerText(stops: ["\n> "])
    #expect(answer.hear(AnswerToken(bytes: [0x61, 0xE2, 0x82], logprob: nil)).text == "a")
    #expect(answer.hear(AnswerToken(bytes: [0xAC], logprob: nil)).text == "€")
    #expect(answer.hear(AnswerToken(bytes: Array("b\n>".utf8), logprob: nil)).text == "b")
    #expect(answer.hear(AnswerToken(bytes: Array("c".utf8), logprob: nil)).text == "\n>c")
    #expect(answer.hear(AnswerToken(bytes: Array("d\n> e".utf8), logprob: nil)).text == "d")
    #expect(answer.isStopped && answer.flush().text.isEmpty)
  }
}
