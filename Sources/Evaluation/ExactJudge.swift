import Lineage

/// A reply is right when it is the corpus's own, letter by letter; white space around it does not count.
public struct ExactJudge: ReplyJudge {
  public let kind = Recipe.Examination.Judge.exact
  private let refusals: RefusalMarks

  public init(refusals: RefusalMarks = RefusalMarks()) {
    self.refusals = refusals
  }

  public func judge(_ question: Question, reply: String) -> Judgement {
    // A refusal that documents give word for word is right by its words; any other is judged as one.
    if question.expects(reply) {
      return Judgement(.right, isRefusal: refusals.isRefusal(reply))
    }
    if question.set.isInDomain, question.expectation == .refusal {
      let isRefusal = refusals.isRefusal(reply)
      return Judgement(isRefusal ? .different : .notRefused, isRefusal: isRefusal)
    }
    if let judgement = refusals.judgement(question, reply: reply) { return judgement }
    return Judgement(reply.allSatisfy(\.isWhitespace) ? .malformed : .different)
  }
}
