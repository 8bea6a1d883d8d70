/// Prompts in their order, made one after the other when they are asked for: a million of them take no more memory than
/// one.
public struct PromptStream: Sendable {
  public let count: Int
  private let start: @Sendable () -> Cursor

  /// - Parameters:
  ///   - count: of all prompts.
  ///   - start: gives what makes the prompts from the first on; it ends after `count` of them.
  public init(count: Int, start: @escaping @Sendable () -> Cursor) {
    self.count = count
    self.start = start
  }

  public init(_ prompts: [Prompt]) {
    self.init(count: prompts.count) {
      var rest = prompts[...]
      return Cursor { rest.popFirst() }
    }
  }

  public func cursor() -> Cursor { start() }

  /// Where a reader stands.
  public struct Cursor {
    private let next: () throws -> Prompt?

    /// - Parameter next: the next prompt; nil at the end, and from then on.
    public init(_ next: @escaping () throws -> Prompt?) { self.next = next }

    /// At most so many; none at the end.
    public mutating func take(_ count: Int) throws -> [Prompt] {
      var prompts: [Prompt] = []
      while prompts.count < count, let prompt = try next() { prompts.append(prompt) }
      return prompts
    }
  }

  /// Works on all prompts, a few at a time.
  public func forEachPortion(_ body: ([Prompt]) async throws -> Void) async throws {
    var cursor = cursor()
    while true {
      let some = try cursor.take(Self.portion)
      guard !some.isEmpty else { return }
      try await body(some)
    }
  }

  /// Those that a condition holds for; counting them makes all prompts once.
  public func filter(_ isIncluded: @escaping @Sendable (Prompt) -> Bool) throws -> PromptStream {
    var (count, all) = (0, cursor())
    while let prompt = try all.take(1).first { count += isIncluded(prompt) ? 1 : 0 }
    return PromptStream(count: count) { [self] in
      var all = cursor()
      return Cursor {
        while let prompt = try all.take(1).first { if isIncluded(prompt) { return prompt } }
        return nil
      }
    }
  }

  /// How many are looked at together.
  public static let portion = 256
}
