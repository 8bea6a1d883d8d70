import Basics
import Lineage

extension Score {
  /// The file's text: sorted keys, indented.
  public var json: String {
    get throws { try CanonicalJSON.pretty(self) }
  }

  /// - Throws: `HintedError` for JSON that is no score of this schema, or contradicts itself.
  public init(reading bytes: [UInt8], name: String) throws {
    let score = try CanonicalJSON.decode(Score.self, from: bytes, named: name)
    guard score.schema == Self.currentSchema else {
      throw HintedError(
        "\(name) has the schema \(score.schema), this program reads \(Self.currentSchema)",
        hint: "evaluate the image again")
    }
    if let contradiction = score.contradiction {
      throw HintedError("\(name) contradicts itself: \(contradiction)", hint: "evaluate the image again")
    }
    self = score
  }

  /// The first invariant of docs/formats/score.md that does not hold.
  private var contradiction: String? {
    if let found = Self.contradiction(in: sets) { return found }
    let questionCount = sets.reduce(0) { $0 + $1.right.count }
    if let found = emulated?.contradiction(ofQuestionCount: questionCount) { return found }
    let counts = sets.map { [$0.set.rawValue, String($0.right.count)] }
    for baseline in baselines {
      if let found = Self.contradiction(in: baseline.sets) { return "\(baseline.name): \(found)" }
      guard baseline.sets.map({ [$0.set.rawValue, String($0.right.count)] }) == counts else {
        return "\(baseline.name) was asked other questions"
      }
    }
    return nil
  }

  private static func contradiction(in sets: [SetResult]) -> String? {
    guard Set(sets.map(\.set)).count == sets.count else { return "a set stands twice" }
    return sets.lazy.compactMap { result in result.contradiction.map { "the set \(result.set.rawValue) \($0)" } }.first
  }
}

extension Score.SetResult {
  fileprivate var contradiction: String? {
    let wrong = 0...(right.count - right.rightCount)
    guard wrong.contains(wrongRefusalCount) else { return "has \(wrongRefusalCount) wrong refusals" }
    guard wrong.contains(unfinishedCount) else { return "has \(unfinishedCount) unfinished answers" }
    guard unknownByteCount >= 0 else { return "has \(unknownByteCount) unknown bytes" }
    for groups in [labels, slots] where Set(groups.map(\.name)).count != groups.count { return "has a name twice" }
    // Counts are at most 10^9, and no file has room for 10^9 labels.
    guard labels.reduce(0, { $0 + $1.right.count }) <= right.count else { return "has more labels than answers" }
    return nil
  }
}
