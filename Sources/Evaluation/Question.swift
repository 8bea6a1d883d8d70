import Foundation
import Lineage

/// What a student is asked, and what is known about the right answer.
public struct Question: Hashable, Sendable {
  public enum Expectation: Hashable, Sendable {
    case answer
    /// The request is outside of what the device does.
    case refusal
  }

  public var set: QuestionSet
  /// As it is asked, with its mark and its line end.
  public var request: String
  /// What the person meant: the request before its typo. Judges go by it.
  public var meant: String
  /// Replies of the documents with this request; empty where nobody gave one.
  public var expectedReplies: [String]
  /// What kind of request it is, where the corpus says so.
  public var label: String?
  public var expectation: Expectation

  /// - Parameter meant: nil where the request is what was meant.
  public init(
    set: QuestionSet, request: String, meant: String? = nil, expectedReplies: [String] = [], label: String? = nil,
    expectation: Expectation = .answer
  ) {
    self.set = set
    self.request = request
    self.meant = meant ?? request
    self.expectedReplies = expectedReplies
    self.label = label
    self.expectation = expectation
  }

  /// Whether a reply is one of the corpus's own, letter by letter; white space around it does not count.
  func expects(_ reply: String) -> Bool {
    let reply = reply.trimmingCharacters(in: .whitespacesAndNewlines)
    return expectedReplies.contains { $0.trimmingCharacters(in: .whitespacesAndNewlines) == reply }
  }
}
