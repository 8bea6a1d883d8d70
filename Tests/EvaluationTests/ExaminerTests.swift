import Basics
import Evaluation
import Formats
import Lineage
import Testing

@Suite struct ExaminerTests {
  private static let training = [
    Example(request: "> warm the attic\n", reply: "< Attic.", count: 3),
    Example(request: "> warm the office\n", reply: "< Office."), Example(request: "> play a song\n", reply: "< No."),
  ]
  private static let heldOut = [
    Example(request: "> warm the attic\n", reply: "< Attic."), Example(request: "> warm an attic\n", reply: "< Attic."),
    Example(request: "> warm my office\n", reply: "< Office."),
    Example(request: "> Warm the ATTIC!\n", reply: "< Attic."),
  ]

  private func questions() -> [Question] {
    Questionnaire(
      training: Self.training, heldOut: Self.heldOut, boundary: .afterFirstLine, limit: 10, seed: 1
    ).questions(offTopic: ["play a tune", "> play a song\n", "Play a song?"])
  }

  private func score(_ answer: @escaping @Sendable (Question) -> Reply) async throws -> Score {
    try await Examiner(judge: ExactJudge(refusals: RefusalMarks(["No"]))).score(
      image: ContentID(of: "image"), questions: questions(),
      student: Answerer(name: "student") { $0.map(answer) },
      baselines: [.nearestRequest(of: Self.training), .mostFrequentReply(of: Self.training)])
  }

  @Test func whatTrainingSawIsNotAsked() {
    let asked = questions()
    #expect(asked.filter { $0.set == .heldOut }.map(\.request) == ["> warm an attic\n", "> warm my office\n"])
    #expect(asked.filter { $0.set == .offTopic }.map(\.request) == ["> play a tune\n"])
    #expect(asked.filter { $0.set == .typo }.allSatisfy { $0.meant != $0.request })
  }

  @Test func baselinesGiveKnownAnswers() async throws {
    let score = try await score { _ in Reply(text: "< Attic.") }
    #expect(score[.heldOut]?.right == Proportion(rightCount: 1, count: 2))
    #expect(score.baselines.map { $0[.heldOut]?.right.rightCount } == [2, 1])
    #expect(score.baselines.map { $0[.offTopic]?.right.rightCount } == [1, 0])
  }

  @Test func refusalsAndUnfinishedAnswersAreCounted() async throws {
    let refused = try await score { _ in Reply(text: "< No.") }
    #expect(refused[.heldOut]?.wrongRefusalCount == 2 && refused[.heldOut]?.right.rightCount == 0)
    #expect(refused[.offTopic]?.right == Proportion(rightCount: 1, count: 1))
    let cut = try await score { Reply(text: $0.expectedReplies.first ?? "< No.", isComplete: false) }
    #expect(cut[.heldOut]?.right.rightCount == 0 && cut[.heldOut]?.unfinishedCount == 2)
    #expect(cut.wrongAnswers.allSatisfy { $0.reason == .unfinished })
  }

  @Test func anAnswererThatSkipsQuestionsIsRefused() async throws {
    let examiner = Examiner(judge: ExactJudge())
    await #expect(throws: HintedError.self) {
      try await examiner.score(
        image: ContentID(of: "image"), questions: questions(), student: Answerer(name: "lazy") { _ in [] })
    }
    await #expect(throws: HintedError.self) {
      try await examiner.score(
        image: ContentID(of: "image"), questions: [], student: Answerer(name: "idle") { _ in [] })
    }
  }

  @Test func aScoreIsReadAsItWasWrittenAndContradictionsAreRefused() async throws {
    let score = try await score { _ in Reply(text: "< Attic.") }
    let json = try score.json
    #expect(try Score(reading: Array(json.utf8), name: "score") == score)
    for (from, to) in [("alambic.score/1", "alambic.score/9"), ("\"rightCount\" : 1", "\"rightCount\" : 9")] {
      #expect(json.contains(from))
      let wrong = json.replacing(from, with: to)
      #expect(throws: HintedError.self) { try Score(reading: Array(wrong.utf8), name: "score") }
    }
    for count in 0..<json.utf8.count - 2 where count.isMultiple(of: 37) {
      #expect(throws: HintedError.self) { try Score(reading: Array(json.utf8.prefix(count)), name: "score") }
    }
  }

  @Test func whatAnEmulatedCoreSaidIsReadAndMayBeAbsent() async throws {
    var score = try await score { _ in Reply(text: "< Attic.") }
    #expect(try !score.json.contains("emulated"))
    score.emulated = Score.Emulated(core: "cortex-m3", askedCount: 3, differingCount: 0)
    #expect(try Score(reading: Array(score.json.utf8), name: "score") == score)
    let difference = Score.Difference(request: "> a\n", expected: "b", found: "c")
    let contradictions: [Score.Emulated] = [
      Score.Emulated(core: "c", askedCount: 0, differingCount: 0),
      Score.Emulated(core: "c", askedCount: 1000, differingCount: 0),
      Score.Emulated(core: "c", askedCount: 3, differingCount: 4, firstDifference: difference),
      Score.Emulated(core: "c", askedCount: 3, differingCount: -1, firstDifference: difference),
      Score.Emulated(core: "c", askedCount: 3, differingCount: 1),
      Score.Emulated(core: "c", askedCount: 3, differingCount: 0, firstDifference: difference),
    ]
    for contradiction in contradictions {
      score.emulated = contradiction
      #expect(throws: HintedError.self) { try Score(reading: Array(score.json.utf8), name: "score") }
    }
  }

  @Test func slotsHaveToComeBack() {
    let judge = SlotJudge(lists: ["room": ["living room", "room", "attic"], "degrees": ["20", "20.5"]])
    let question = Question(set: .heldOut, request: "> living room to 20.5\n")
    #expect(judge.judge(question, reply: "< Living room at 20.5 C.").reason == .right)
    #expect(judge.judge(question, reply: "< Living room at 20 C.").reason == .wrongSlot)
    #expect(judge.judge(question, reply: "< Room at 20.5 C.").reason == .wrongSlot)
    #expect(judge.judge(question, reply: "").reason == .malformed)
  }

  @Test func whereARequestNamesNothingOnlyTheCorpussOwnReplyIsRight() {
    let judge = SlotJudge(lists: ["room": ["attic"], "degrees": ["20"]])
    let question = Question(
      set: .heldOut, request: "> which rooms?\n", expectedReplies: ["< All of them.", "< Ask me."])
    #expect(judge.judge(question, reply: "< Ask me.\n").reason == .right)
    #expect(judge.judge(question, reply: "< The attic is at 20 C.").reason == .undecided)
    // The corpus asks back without repeating what was named.
    let unclear = Question(set: .heldOut, request: "> set it to 20\n", expectedReplies: ["< Which room?"])
    #expect(judge.judge(unclear, reply: "< Which room?").reason == .right)
    #expect(judge.judge(unclear, reply: "< Which one?").reason == .wrongSlot)
  }
}
