import Basics
import Formats
import Lineage

/// Puts questions to a student and to baselines, has the replies judged, and counts.
public struct Examiner: Sendable {
  private let judge: any ReplyJudge
  private let judgingCount: Int

  /// - Parameter judgingCount: how many replies are judged at the same time.
  public init(judge: any ReplyJudge, judgingCount: Int = 8) {
    self.judge = judge
    self.judgingCount = max(1, judgingCount)
  }

  /// - Parameters:
  ///   - image: of the bytes that `student` computes with.
  ///   - vocabulary: nil where tokens are bytes.
  ///   - student: its name stands in the score as the engine.
  ///   - baselines: answer the same questions, and are judged alike.
  /// - Throws: `HintedError` when there are no questions, or an answerer gives more or fewer replies than questions;
  /// and
  ///   whatever answerers and judge throw.
  public func score(
    image: ContentID, vocabulary: ContentID? = nil, questions: [Question], student: Answerer,
    baselines: [Answerer] = []
  ) async throws -> Score {
    guard !questions.isEmpty else {
      throw HintedError(
        "there are no questions: no held-out document has a reply to a request that training never saw",
        hint: "raise curation.heldOutFraction, or give task.offTopic")
    }
    let judged = try await judged(questions, by: student)
    var score = Score(
      image: image, vocabulary: vocabulary, engine: student.name, judge: judge.kind, sets: Tally.results(judged))
    score.samples = judged.filter { $0.question.set == .heldOut }.prefix(Score.sampleLimit).map(\.shown)
    score.wrongAnswers = Tally.wrongAnswers(judged, limit: Score.wrongAnswerLimit)
    for baseline in baselines {
      // Shares to compare with; whose labels and slots they are is told of the student alone.
      let sets = Tally.results(try await self.judged(questions, by: baseline)).map(\.withoutGroups)
      score.baselines.append(Score.Baseline(name: baseline.name, sets: sets))
    }
    return score
  }

  private func judged(_ questions: [Question], by answerer: Answerer) async throws -> [JudgedReply] {
    let pairs = Array(zip(questions, try await answerer.replies(to: questions)))
    return try await withThrowingTaskGroup(of: (Int, JudgedReply).self) { group in
      var judged = [JudgedReply?](repeating: nil, count: pairs.count)
      for (index, pair) in pairs.enumerated() {
        if index >= judgingCount, let (done, reply) = try await group.next() { judged[done] = reply }
        group.addTask { (index, try await judgedReply(pair.0, pair.1)) }
      }
      for try await (done, reply) in group { judged[done] = reply }
      return judged.compactMap(\.self)
    }
  }

  private func judgedReply(_ question: Question, _ reply: Reply) async throws -> JudgedReply {
    JudgedReply(
      question: question, reply: reply, judgement: try await judge.judge(question, reply: reply.text))
  }
}
