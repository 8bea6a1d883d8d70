/// What a grammar thinks of a reply to a request.
public struct ExchangeJudgement: Hashable, Sendable {
  /// A slot that the request names.
  public struct NamedSlot: Hashable, Sendable {
    public var name: String
    /// As the request says it.
    public var value: String
    /// Whether every right reply says the slot.
    public var isToBeRepeated: Bool
    /// Whether this reply says the value, in whole words and in any case.
    public var isRepeated: Bool
  }

  /// Whether the grammar can say the reply, to whatever request.
  public var isFormed: Bool
  /// Whether the grammar derives request and reply together, with agreeing slots.
  public var isRight: Bool
  /// What the grammar says about the request: `intent: lower`. Empty for a request that it does not know.
  public var labels: [String: String]
  /// The slots that the request names, in the grammar's order.
  public var slots: [NamedSlot]
  /// For each way in which the grammar can say the reply, what it says about that exchange; none when it cannot.
  public var replyLabels: [[String: String]]

  /// Whether the grammar can say the reply in an exchange of which `label` has this value, such as `outcome: refused`.
  public func canReply(as label: String, _ value: String) -> Bool { replyLabels.contains { $0[label] == value } }
}
