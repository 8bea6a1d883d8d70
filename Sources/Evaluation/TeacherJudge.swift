import Basics
import Lineage

/// Asks another teacher whether a reply is right.
public struct TeacherJudge: ReplyJudge {
  public let kind = Recipe.Examination.Judge.teacher
  private let prompt: PromptTemplate
  private let refusals: RefusalMarks
  private let ask: @Sendable (String) async throws -> String

  /// What `{expected}` says of a request that is to be refused.
  public static let expectedRefusal = "a polite refusal, since the device cannot do this"

  /// - Parameters:
  ///   - prompt: with `{request}`, `{reply}` and perhaps `{expected}`.
  ///   - refusals: settle without a question whether a reply refuses; nothing is asked about those that do.
  ///   - ask: sends a prompt and gives the answer, which should begin with yes or no.
  public init(
    prompt: PromptTemplate, refusals: RefusalMarks = RefusalMarks(),
    ask: @escaping @Sendable (String) async throws -> String
  ) {
    self.prompt = prompt
    self.refusals = refusals
    self.ask = ask
  }

  public func judge(_ question: Question, reply: String) async throws -> Judgement {
    if refusals.isRefusal(reply), let judgement = refusals.judgement(question, reply: reply) { return judgement }
    let isRefusalDue = question.expectation == .refusal
    let text = prompt.filled(with: [
      "request": question.meant, "reply": reply,
      "expected": isRefusalDue ? Self.expectedRefusal : question.expectedReplies.first ?? "",
    ])
    switch Self.isYes(try await ask(text)) {
    case true?: return Judgement(.right, isRefusal: isRefusalDue)
    case false?: return Judgement(isRefusalDue ? .notRefused : .rejected)
    case nil: return Judgement(.undecided)
    }
  }

  /// Nil where an answer begins with neither word.
  static func isYes(_ answer: String) -> Bool? {
    switch WordFinder.cut(answer).first {
    case "yes": true
    case "no": false
    default: nil
    }
  }
}
