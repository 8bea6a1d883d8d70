import Basics
import Lineage

extension Proportion {
  /// `99.6`, in per cent. What is neither all nor nothing never reads as 100.0 or 0.0.
  public var percent: String { Self.percent(share) }

  /// `98.0-99.9`, in per cent.
  public var intervalInPercent: String {
    "\(Self.percent(interval.lowerBound))-\(Self.percent(interval.upperBound))"
  }

  private static func percent(_ share: Double) -> String {
    if share <= 0 { return "0.0" }
    if share >= 1 { return "100.0" }
    return min(99.9, max(0.1, share * 100)).rounded(toPlaces: 1)
  }
}

extension Score {
  /// What a person reads first, in one line: the first set, which is the held-out one wherever there is any, and how
  /// baselines do on it.
  public var summary: String {
    guard let first = sets.first else { return "no questions" }
    let others = baselines.compactMap { baseline in
      baseline[first.set].map { "\(baseline.name) \($0.right.percent) %" }
    }
    let own =
      "\(first.right.percent) % of \(ReadableUnits.count(first.right.count)) \(first.set.title) wholly right "
      + "(\(first.right.intervalInPercent))"
    return ([own] + others).joined(separator: " · ")
  }

  /// Figures for a receipt: shares in 0 … 1 and counts, by name.
  public var figures: [String: Double] {
    var figures: [String: Double] = [:]
    for result in sets {
      figures["\(result.set.rawValue).share"] = result.right.share
      figures["\(result.set.rawValue).count"] = Double(result.right.count)
    }
    for baseline in baselines {
      if let first = baseline.sets.first { figures["\(baseline.name).share"] = first.right.share }
    }
    let inDomain = sets.filter(\.set.isInDomain)
    let count = inDomain.reduce(0) { $0 + $1.right.count }
    if count > 0 {
      figures["wrongRefusals.share"] = Double(inDomain.reduce(0) { $0 + $1.wrongRefusalCount }) / Double(count)
    }
    if let emulated {
      figures["emulated.askedCount"] = Double(emulated.askedCount)
      figures["emulated.differingCount"] = Double(emulated.differingCount)
    }
    return figures
  }
}
