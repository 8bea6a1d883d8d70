extension Recipe {
  /// What a student is for: how a document falls into what is asked and what is answered, and who says that an answer
  /// is right.
  public struct Task: Hashable, Codable, Sendable {
    /// Nil where documents are not exchanges.
    public var reply: ReplyBoundary?
    /// Nil where nobody judges; needs `reply`.
    public var examination: Examination?

    public init(reply: ReplyBoundary? = nil, examination: Examination? = nil) {
      self.reply = reply
      self.examination = examination
    }
  }
}
