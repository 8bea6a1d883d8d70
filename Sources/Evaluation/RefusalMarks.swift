import Foundation
import Lineage

/// Tells a refusal by how it begins.
public struct RefusalMarks: Hashable, Sendable {
  /// Without the reply's own mark, such as `< `.
  public let beginnings: [String]

  public init(_ beginnings: [String] = []) {
    self.beginnings = beginnings
  }

  /// Whether a reply begins with one of them, whatever signs and spaces stand before its first letter.
  public func isRefusal(_ reply: String) -> Bool {
    let trimmed = reply.trimmingCharacters(in: .whitespacesAndNewlines)
    let said = reply.drop { !$0.isLetter && !$0.isNumber }
    return beginnings.contains { said.hasPrefix($0) || trimmed.hasPrefix($0) }
  }

  /// What is to be done with a request that documents answer by these replies: where all of them refuse, so shall the
  /// student.
  func expectation(_ replies: [String]) -> Question.Expectation {
    !replies.isEmpty && replies.allSatisfy(isRefusal) ? .refusal : .answer
  }

  /// The verdict on questions of which it is known only whether they are to be refused; nil where the reply is an
  /// answer and one was due.
  func judgement(_ question: Question, reply: String) -> Judgement? {
    let isRefusal = isRefusal(reply)
    switch (question.expectation, isRefusal) {
    case (.refusal, true): return Judgement(.right, isRefusal: true)
    case (.refusal, false): return Judgement(.notRefused)
    case (.answer, true): return Judgement(.wronglyRefused, isRefusal: true)
    case (.answer, false): return nil
    }
  }
}
