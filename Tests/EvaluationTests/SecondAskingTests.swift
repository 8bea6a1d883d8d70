import Basics
import Evaluation
import Formats
import Lineage
import Testing

@Suite struct SecondAskingTests {
  private static let questions = QuestionSet.allCases.flatMap { set in
    (0..<9).map { Question(set: set, request: "> \(set.rawValue) \($0)\n") }
  }

  private static func place(_ answer: @escaping @Sendable (Question) -> Reply) -> Answerer {
    Answerer(name: "place") { $0.map(answer) }
  }

  /// Repeats the request, as both places should.
  private static let echo = place { Reply(text: $0.request) }

  private func result(_ there: Answerer) async throws -> Score.Emulated {
    try await SecondAsking(on: "cortex-m3", here: Self.echo, there: there).result(Self.questions)
  }

  @Test func theFirstOfEachSetAreAsked() async throws {
    let part = SecondAsking.part(of: Self.questions)
    #expect(part.count == 28)
    #expect(part.prefix(5).map { $0.request.suffix(3) } == [" 0\n", " 1\n", " 2\n", " 3\n", " 0\n"])
    let result = try await result(Self.echo)
    #expect(result == Score.Emulated(core: "cortex-m3", askedCount: 28, differingCount: 0))
    #expect(result.failure == nil && result.summary.hasSuffix(": the same replies, byte for byte"))
  }

  @Test func oneOtherReplyFailsAndIsNamed() async throws {
    let result = try await result(Self.place { Reply(text: $0.request == "> typo 2\n" ? "no" : $0.request) })
    #expect(result.askedCount == 28 && result.differingCount == 1)
    #expect(
      result.firstDifference == Score.Difference(request: "> typo 2\n", expected: "> typo 2\n", found: "no"))
    #expect(result.failure?.status == .answerIsNo && result.summary.hasSuffix(": 1 reply differs"))
    #expect(
      result.failure?.message
        == #"the emulated cortex-m3 replies otherwise to 1 of 28 questions; the first is "> typo 2\n": "no", "#
        + #"where the engine here replies "> typo 2\n""#)
  }

  @Test func bytesAreComparedAndNotLetters() async throws {
    // A letter in two spellings that Unicode calls equal; two texts that are no UTF-8; a reply that was cut.
    let pairs: [(Reply, Reply)] = [
      (Reply(text: "\u{E9}"), Reply(text: "e\u{301}")), (Reply(bytes: [0xFE]), Reply(bytes: [0xFF])),
      (Reply(text: "a"), Reply(text: "a", isComplete: false)),
    ]
    for (here, there) in pairs {
      let result = try await SecondAsking(on: "c", here: Self.place { _ in here }, there: Self.place { _ in there })
        .result(Self.questions)
      #expect(result.differingCount == result.askedCount)
    }
  }

  @Test func aPlaceThatSkipsAQuestionIsRefused() async throws {
    await #expect(throws: HintedError.self) { try await result(Answerer(name: "lazy") { _ in [] }) }
  }
}
