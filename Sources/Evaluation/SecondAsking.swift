import Formats
import Lineage

/// Asks a part of the questions in two places that promise the same bytes: here, and on an emulated core.
public struct SecondAsking: Sendable {
  /// The first so many questions of each set are asked: an emulated core takes its time.
  public static let questionCountPerSet = 4

  private let core: String
  private let here: Answerer
  private let there: Answerer

  /// - Parameters:
  ///   - core: its name, for the score.
  ///   - here, there: the same student, whose replies have the same limit.
  public init(on core: String, here: Answerer, there: Answerer) {
    self.core = core
    self.here = here
    self.there = there
  }

  /// What is asked again, in the order of the questions.
  public static func part(of questions: [Question]) -> [Question] {
    QuestionSet.allCases.flatMap { set in questions.filter { $0.set == set }.prefix(questionCountPerSet) }
  }

  /// Asks the part of these questions, and compares bytes; a reply that ended differs from one that was cut.
  /// - Throws: whatever the answerers throw; a difference stands in the result.
  public func result(_ questions: [Question]) async throws -> Score.Emulated {
    let part = Self.part(of: questions)
    let expected = try await here.replies(to: part)
    let found = try await there.replies(to: part)
    let differing = part.indices.filter { expected[$0] != found[$0] }
    return Score.Emulated(
      core: core, askedCount: part.count, differingCount: differing.count,
      firstDifference: differing.first.map {
        Score.Difference(request: part[$0].request, expected: expected[$0].text, found: found[$0].text)
      })
  }
}
