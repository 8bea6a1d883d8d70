import Foundation

/// Thresholds beyond which texts are too much alike. They are of our own experience with corpora of short texts: a
/// corpus of a closed domain passes them by its nature, one of stories should not.
enum DiversityAlarm {
  static let largestOpening = 0.2
  static let largestName = 0.3
  static let leastDistinctPairs = 0.15
  static let leastTextCount = 50
  static let largestRatio = 8.0
  static let leastCoverage = 0.5

  static func all(_ report: DiversityReport) -> [String] {
    guard report.textCount >= leastTextCount else {
      return ["\(report.textCount) texts are too few to say how varied they are"]
    }
    var alarms: [String] = []
    if let opening = report.openings.first, opening.share > largestOpening {
      alarms.append(
        "\(percent(opening.share)) of the texts begin with '\(opening.text)' (more than \(percent(largestOpening))): "
          + "give the teacher first words, or other templates")
    }
    if let name = report.names.first, name.share > largestName {
      alarms.append(
        "\(percent(name.share)) of the texts speak of '\(name.text)' (more than \(percent(largestName))): "
          + "give the teacher a list of names")
    }
    if report.distinct[1] < leastDistinctPairs {
      alarms.append(
        "\(percent(report.distinct[1])) of the pairs of words are different ones (less than "
          + "\(percent(leastDistinctPairs))): right for a closed domain, too few for stories")
    }
    if let ratio = report.compressionRatio, ratio > largestRatio {
      alarms.append(
        "the texts are \(String(format: "%.1f", ratio)) times as long as zstd makes them (more than "
          + "\(Int(largestRatio))): they say the same again and again")
    }
    return alarms
  }

  /// Of a list whose words never arrived.
  static func alarm(_ coverage: ListCoverage) -> String? {
    let share = Double(coverage.foundCount) / Double(max(1, coverage.wordCount))
    // A list's words need not be said; but the prompts that they stood in should have brought something.
    guard coverage.kind == .labels, share < leastCoverage else { return nil }
    let missing = coverage.words.prefix { $0.documentCount == 0 }.prefix(5).map { "'\($0.text)'" }
    return "\(coverage.wordCount - coverage.foundCount) of \(coverage.wordCount) words of the list "
      + "\(coverage.list) brought no document: \(missing.joined(separator: ", "))"
  }

  static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
}
