import Basics

/// One of several parts into which a corpus's prompts, or a sweep's trainings, are dealt, so that each has a machine of
/// its own.
///
/// Who gets one depends on its id and on how many parts there are, and on nothing else: no machine must know of another
/// one, and a prompt stays where it is when the recipe grows.
public struct Part: Hashable, Codable, Sendable, CustomStringConvertible {
  /// From 1.
  public let number: Int
  public let count: Int

  public static let largestCount = 100_000

  /// - Throws: `HintedError` for a part that is not one of `count`.
  public init(_ number: Int, of count: Int) throws {
    guard (1...Self.largestCount).contains(count), (1...count).contains(number) else {
      throw HintedError(
        "there is no part \(number) of \(count)",
        hint: "parts are numbered from 1, as in 1/16 to 16/16; at most "
          + "\(ReadableUnits.count(Self.largestCount))", status: .usage)
    }
    (self.number, self.count) = (number, count)
  }

  /// As the command line names it: `3/16`.
  public var description: String { "\(number)/\(count)" }

  /// The number of the part that a prompt is dealt to.
  public static func number(of prompt: Prompt, among count: Int) -> Int {
    // Answers that come together, by one request, stay together.
    number(of: prompt.leadID, among: count)
  }

  /// The number of the part that whatever has this id is dealt to.
  public static func number(of id: ContentID, among count: Int) -> Int {
    let start = UInt64(id.hex.prefix(16), radix: 16) ?? 0
    return Int(start % UInt64(count)) + 1
  }

  public func holds(_ id: ContentID) -> Bool { Self.number(of: id, among: count) == number }

  public func holds(_ prompt: Prompt) -> Bool { Self.number(of: prompt, among: count) == number }
}

extension Prompt {
  /// The id of the prompt whose request brings this one's answer: its own, unless one request brings several.
  public var leadID: ContentID {
    guard sampling.choice != nil, let lead = try? with(choice: nil) else { return id }
    return lead.id
  }
}
