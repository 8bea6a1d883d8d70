import Basics

extension Score {
  /// How an emulated core replied to a part of the questions, with the bytes that are shipped.
  public struct Emulated: Hashable, Codable, Sendable {
    /// As the recipe names it.
    public var core: String
    /// Questions that the core was asked.
    public var askedCount: Int
    /// Replies that are not, byte for byte, what the score's engine replied.
    public var differingCount: Int
    /// In the order of the questions; nil where none differs.
    public var firstDifference: Difference?

    public init(core: String, askedCount: Int, differingCount: Int, firstDifference: Difference? = nil) {
      self.core = core
      self.askedCount = askedCount
      self.differingCount = differingCount
      self.firstDifference = firstDifference
    }
  }

  /// A request with two replies. What is invalid UTF-8 is replaced.
  public struct Difference: Hashable, Codable, Sendable {
    public var request: String
    /// By the score's engine.
    public var expected: String
    /// By the emulated core.
    public var found: String

    public init(request: String, expected: String, found: String) {
      self.request = request
      self.expected = expected
      self.found = found
    }
  }
}

extension Score.Emulated {
  /// What a person reads below a score's table.
  public var summary: String {
    let asked = "\(ReadableUnits.count(askedCount)) of the questions asked again on an emulated \(core): "
    switch differingCount {
    case 0: return asked + "the same replies, byte for byte"
    case 1: return asked + "1 reply differs"
    default: return asked + "\(ReadableUnits.count(differingCount)) replies differ"
    }
  }

  /// Why a score is not one of the bytes that are shipped; nil where no reply differs.
  public var failure: HintedError? {
    guard let first = firstDifference else { return nil }
    return HintedError(
      "the emulated \(core) replies otherwise to \(differingCount) of \(askedCount) questions; the first is "
        + "\(first.request.debugDescription): \(first.found.debugDescription), where the engine here replies "
        + first.expected.debugDescription,
      hint: "`alambic verify` on the image shows the first logit that differs", status: .answerIsNo)
  }

  /// The first invariant of docs/formats/score.md that does not hold.
  func contradiction(ofQuestionCount count: Int) -> String? {
    guard (1...max(1, count)).contains(askedCount) else {
      return "\(askedCount) of \(count) questions were asked again"
    }
    guard (0...askedCount).contains(differingCount) else { return "\(differingCount) of \(askedCount) replies differ" }
    guard (firstDifference == nil) == (differingCount == 0) else {
      return "\(differingCount) replies differ, and the first is \(firstDifference == nil ? "missing" : "there")"
    }
    return nil
  }
}
