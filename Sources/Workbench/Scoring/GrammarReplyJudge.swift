import Evaluation
import Lineage
import ScriptedTeacher

/// The scripted teacher as a judge: it derives request and reply together, with agreeing slots.
struct GrammarReplyJudge: ReplyJudge {
  let kind = Recipe.Examination.Judge.grammar
  private let judge: GrammarJudge

  init(_ grammar: Grammar) { judge = GrammarJudge(grammar: grammar) }

  /// Whether the teacher can say a request as it stands, so that replies to it can be judged.
  func knows(_ request: String) -> Bool { judge.knows(request: Self.line(request)) }

  func judge(_ question: Question, reply: String) -> Judgement {
    let request = Self.line(question.meant)
    let found = judge.judge(request: request, reply: reply)
    let slots = found.slots.filter(\.isToBeRepeated).map {
      Judgement.Slot(name: $0.name, value: $0.value, isEchoed: $0.isRepeated)
    }
    let isRefusal = Self.refusing.contains { found.canReply(as: "outcome", $0) }
    func verdict(_ reason: JudgementReason) -> Judgement {
      Judgement(reason, isRefusal: isRefusal, label: found.labels["intent"], slots: slots)
    }
    if question.expectation == .refusal { return verdict(isRefusal ? .right : .notRefused) }
    if found.isRight { return verdict(.right) }
    if !found.isFormed { return verdict(.malformed) }
    let isRefusalDue = found.labels["outcome"].map(Self.refusing.contains) ?? false
    if isRefusal != isRefusalDue { return verdict(isRefusal ? .wronglyRefused : .notRefused) }
    let isKind = found.labels["intent"].map { found.canReply(as: "intent", $0) } ?? false
    return verdict(isKind ? .wrongSlot : .wrongKind)
  }

  /// Values of the label `outcome` of exchanges in which the device does not do what it was asked.
  private static let refusing = ["refused", "asked"]

  private static func line(_ request: String) -> String {
    String(request.reversed().drop { $0.isNewline }.reversed())
  }
}
