extension Recipe {
  /// A second teacher that says requests in other words, while their replies stay.
  public struct Rewrite: Hashable, Codable, Sendable {
    /// Lists of its prompt.
    public static let requestList = "request"
    public static let replyList = "reply"
    public static let counts = 1...100

    /// A profile's name.
    public var teacher: String
    /// With `{request}`, and perhaps `{reply}`.
    public var prompt: PromptTemplate
    /// How often each request is to be said otherwise.
    public var count: Int

    public init(teacher: String, prompt: PromptTemplate, count: Int = 1) {
      self.teacher = teacher
      self.prompt = prompt
      self.count = count
    }
  }
}
