import Lineage

/// Says whether a reply is right.
public protocol ReplyJudge: Sendable {
  /// As which of the recipe's judges it stands in the score.
  var kind: Recipe.Examination.Judge { get }

  /// - Parameter reply: without its end; it may be empty.
  func judge(_ question: Question, reply: String) async throws -> Judgement
}

/// What a judge says about one reply.
public struct Judgement: Hashable, Sendable {
  /// A value that the request named.
  public struct Slot: Hashable, Sendable {
    public var name: String
    public var value: String
    /// Whether the reply has it.
    public var isEchoed: Bool

    public init(name: String, value: String, isEchoed: Bool) {
      self.name = name
      self.value = value
      self.isEchoed = isEchoed
    }
  }

  public var reason: JudgementReason
  /// Whether the reply refuses, rightly or not.
  public var isRefusal: Bool
  /// The kind of the request, not of the reply; nil leaves the question's own.
  public var label: String?
  public var slots: [Slot]

  public init(_ reason: JudgementReason, isRefusal: Bool = false, label: String? = nil, slots: [Slot] = []) {
    self.reason = reason
    self.isRefusal = isRefusal
    self.label = label
    self.slots = slots
  }

  public var isRight: Bool { reason == .right }
}
