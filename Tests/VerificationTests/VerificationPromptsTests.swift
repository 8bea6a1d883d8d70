import Testing
import Verification

@Suite("Verification prompts")
struct VerificationPromptsTests {
  @Test("as many as asked for, none empty, none too long, the same each time", arguments: [0, 1, 4, 64])
  func anyBytes(count: Int) {
    let prompts = VerificationPrompts.anyBytes(count: count, seed: 5)
    #expect(prompts.count == count)
    #expect(prompts.allSatisfy { (1...VerificationPrompts.longestByteCount).contains($0.count) })
    #expect(prompts == VerificationPrompts.anyBytes(count: count, seed: 5))
    #expect(count < 64 || prompts != VerificationPrompts.anyBytes(count: count, seed: 6))
  }

  @Test("beginnings come from all of the texts")
  func beginnings() {
    let texts = (0..<100).map { "\(10 + $0 / 10 % 10): text number \($0)" } + [""]
    let prompts = VerificationPrompts.beginnings(of: texts, count: 10, seed: 1)
    #expect(prompts.count == 10)
    for (prompt, index) in zip(prompts, stride(from: 0, to: 100, by: 10)) {
      #expect(texts[index].utf8.starts(with: prompt) && !prompt.isEmpty)
    }
    let few = VerificationPrompts.beginnings(of: ["only"], count: 3, seed: 1)
    #expect(few.allSatisfy { "only".utf8.starts(with: $0) } && few.count == 3)
    #expect(VerificationPrompts.beginnings(of: [], count: 3, seed: 1).count == 3)
  }
}
