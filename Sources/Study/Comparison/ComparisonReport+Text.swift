import Basics
import Formats
import Foundation
import Model

extension ComparisonReport.Row {
  /// The learning rates: AdamW's, and Muon's where there is one.
  public var rates: String {
    ([learningRate] + [muonLearningRate].compactMap(\.self)).map { String(format: "%.4g", Double($0)) }
      .joined(separator: " / ")
  }

  /// `2.303 (2.297…2.309)`.
  public var quality: String {
    "\(median.rounded(toPlaces: 3)) (\(range.lowerBound.rounded(toPlaces: 3))…"
      + "\(range.upperBound.rounded(toPlaces: 3)))"
  }

  /// `96.0 % (95.2…96.4)`: the median over seeds, of an even number the lower of the two in the middle, with the least
  /// and the largest; nil where nothing was asked.
  public var rightShare: String? {
    guard let right, !right.isEmpty else { return nil }
    let sorted = right.sorted { $0.share < $1.share }
    let (least, most) = (sorted[0].percent, sorted[sorted.count - 1].percent)
    return "\(sorted[(sorted.count - 1) / 2].percent) % (\(least)…\(most))"
  }

  /// One row of a table, in text or Markdown.
  fileprivate func cells(withScore: Bool, isFirst: Bool) -> [String] {
    let worth = [quality, perplexity.rounded(toPlaces: 2)] + (withScore ? [rightShare ?? "not asked"] : [])
    return [
      name, ReadableUnits.count(parameterCount), ReadableUnits.count(flashByteCount),
      ReadableUnits.count(ramByteCount), instructionCount.map(ReadableUnits.count) ?? ComparisonReport.withoutEngine,
      ReadableUnits.count(stepCount), rates,
    ] + worth + [difference?.text ?? (isFirst ? "the first" : "other windows")]
  }
}

extension ComparisonReport {
  /// What stands where a count would.
  static let withoutEngine = "no engine"
}

extension ComparisonReport.Peer {
  /// Headings of `cells`, with whether numbers stand below.
  public static let headings: [(text: String, isNumber: Bool)] = [
    ("model", false), ("parameters", true), ("flash", true), ("what is flashed", false), ("RAM", true),
    ("instructions", true), ("measured in", false), ("bits per byte", true), ("perplexity", true),
  ]

  public var cells: [String] {
    let costs = [ramByteCount, instructionCount].map { $0.map(ReadableUnits.count) ?? ComparisonReport.withoutEngine }
    return [name, ReadableUnits.count(parameterCount), ReadableUnits.count(flashByteCount), form] + costs
      + [window, bitsPerByte.rounded(toPlaces: 3), perplexity.rounded(toPlaces: 2)]
  }
}

extension ComparisonReport.Section {
  private var hasScores: Bool { rows.contains { $0.right != nil } }

  /// Headings of `cells`, with whether numbers stand below.
  public var headings: [(text: String, isNumber: Bool)] {
    [
      ("student", false), ("parameters", true), ("flash", true), ("RAM", true), ("instructions", true),
      ("steps", true), ("rates", true), ("bits per byte", true), ("perplexity", true),
    ] + (hasScores ? [("wholly right", true)] : []) + [("against the first, 95 %", false)]
  }

  /// The table, a row each.
  public var cells: [[String]] {
    rows.enumerated().map { $1.cells(withScore: hasScores, isFirst: $0 == 0) }
  }
}

extension ComparisonReport.Difference {
  /// `+0.210 (+0.190…+0.231) worse`, or `+0.210, too few seeds: 2 of 3`.
  public var text: String {
    guard let interval else { return "\(Self.signed(mean)), \(shortage?.text ?? verdict.rawValue)" }
    return "\(Self.signed(mean)) (\(Self.signed(interval.lower))…\(Self.signed(interval.upper))) \(verdict.rawValue)"
  }

  static func signed(_ value: Double) -> String { String(format: "%+.3f", value) }
}

extension ComparisonReport.Section {
  /// What each row's difference allows to say, one sentence a row.
  public var claims: [String] {
    guard let first = rows.first else { return [] }
    return rows.dropFirst().compactMap { row in
      row.difference.map { difference in
        let interval =
          difference.interval.map {
            "95 % interval \(ComparisonReport.Difference.signed($0.lower)) to "
              + ComparisonReport.Difference.signed($0.upper)
          } ?? "no interval, \(difference.shortage?.text ?? difference.verdict.rawValue)"
        switch difference.verdict {
        case .tooFew:
          return "\(row.name) against \(first.name): nothing to say "
            + "(\(ComparisonReport.Difference.signed(difference.mean)) bits per byte, \(interval))"
        case .none:
          return "\(row.name) against \(first.name): no difference shown "
            + "(\(ComparisonReport.Difference.signed(difference.mean)) bits per byte, \(interval))"
        case .better, .worse:
          let amount = abs(difference.mean).rounded(toPlaces: 3)
          return "\(row.name) is \(difference.verdict.rawValue) than \(first.name) by \(amount) bits per byte "
            + "(\(interval))"
        }
      }
    }
  }
}
