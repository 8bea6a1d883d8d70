import Lineage

/// Texts that say the same again and again, as small or cold teachers do.
enum Repetition {
  /// Lines or runs of words that a text may hold as often as any text does.
  private static let leastWordCount = 12
  private static let largestShare = 0.5

  /// After Rae et al., "Scaling Language Models: Methods, Analysis and Insights from Training Gopher" (2021), whose
  /// shares are of duplicate lines and n-grams; ours is of words inside three-word runs that stood in the text before.
  static func refusal(of text: String) -> Refusal? {
    if let line = repeatedLine(of: text) { return Refusal(.repetition, "a line stands in it three times: '\(line)'") }
    let words = text.lowercased().split { !($0.isLetter || $0.isNumber) }
    guard words.count >= leastWordCount else { return nil }
    var seen = Set<[Substring]>()
    var repeated = [Bool](repeating: false, count: words.count)
    for start in 0...words.count - 3 where !seen.insert(Array(words[start..<start + 3])).inserted {
      for position in start..<start + 3 { repeated[position] = true }
    }
    let share = Double(repeated.count { $0 }) / Double(words.count)
    guard share > largestShare else { return nil }
    return Refusal(.repetition, "\(Int((share * 100).rounded())) % of its words repeat what it said before")
  }

  private static func repeatedLine(of text: String) -> Substring? {
    var counts: [Substring: Int] = [:]
    for line in text.split(separator: "\n") where line.contains(where: \.isLetter) {
      counts[line, default: 0] += 1
      if counts[line] == 3 { return line.prefix(60) }
    }
    return nil
  }
}
