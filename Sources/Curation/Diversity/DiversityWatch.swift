import Basics

/// Looks at answers as they arrive, and says once when they begin to be too much alike: asking on costs money.
public struct DiversityWatch: Sendable {
  private let boundary: DocumentBoundary
  /// The newest texts: their openings, and the share of pairs of words that no newest text had before.
  private var recent: [(opening: UInt64, words: String, pairs: [UInt64])] = []
  private var position = 0
  private var count = 0
  private var isSilent = false
  private var words = FoldedWords()

  /// Texts that are looked at together, and how many come between two looks.
  private static let windowCount = 200
  private static let interval = 50
  /// Of pairs of words, so that short texts raise no alarm.
  private static let leastPairCount = 2000

  public init(boundary: DocumentBoundary) { self.boundary = boundary }

  /// - Returns: what is too common, in a line, the first time that anything is.
  public mutating func add(answer: String) -> String? {
    guard !isSilent else { return nil }
    for piece in boundary.pieces(of: answer) where piece.contains(where: \.isLetter) {
      add(piece)
      guard count >= Self.windowCount, count.isMultiple(of: Self.interval), let alarm = alarm() else { continue }
      isSilent = true
      return alarm
    }
    return nil
  }

  private mutating func add(_ text: String) {
    words.read(text)
    let opening = OpeningCap.opening(of: text)
    let shown = String(decoding: Array(text.utf8)[opening.place].prefix(60), as: UTF8.self)
    let entry = (opening.hash, shown, words.runs(of: 2))
    if recent.count < Self.windowCount { recent.append(entry) } else { recent[position] = entry }
    position = (position + 1) % Self.windowCount
    count += 1
  }

  private func alarm() -> String? {
    let openings = Dictionary(grouping: recent, by: \.opening)
    if let common = openings.values.max(by: { ($0.count, $1[0].words) < ($1.count, $0[0].words) }),
      Double(common.count) > DiversityAlarm.largestOpening * Double(recent.count)
    {
      return "of the last \(recent.count) texts \(100 * common.count / recent.count) % begin with "
        + "'\(common[0].words)' (more than \(DiversityAlarm.percent(DiversityAlarm.largestOpening)))"
    }
    let pairs = recent.flatMap(\.pairs)
    let share = Double(Set(pairs).count) / Double(max(1, pairs.count))
    guard pairs.count >= Self.leastPairCount, share < DiversityAlarm.leastDistinctPairs else { return nil }
    return
      "of the pairs of words in the last \(recent.count) texts \(DiversityAlarm.percent(share)) are different ones "
      + "(less than \(DiversityAlarm.percent(DiversityAlarm.leastDistinctPairs)))"
  }
}
