/// Thresholds beyond which texts are too much alike. They are of our own experience with corpora of short texts: a
/// corpus of a closed domain passes them by its nature, one of stories should not.
enum DiversityAlarm {
  static let largestOpening = 0.2
  static let largestName = 0.3
  static let leastDistinctPairs = 0.15
  static let leastTextCount = 50

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
    return alarms
  }

  private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
}
