import Basics
import Charts
import Curation

/// A diversity report as pictures.
public enum DiversityCharts {
  public struct Picture: Hashable, Sendable {
    /// For a file.
    public var name: String
    public var title: String
    public var svg: String
    /// What it shows, in words.
    public var words: String
  }

  /// The figures in a line.
  public static func summary(_ report: DiversityReport) -> String {
    let shorter = report.compressionRatio ?? 1
    let ratio = shorter > 1 ? ", \((shorter * 10).rounded() / 10) times shorter in zstd" : ""
    return "\(ReadableUnits.count(report.textCount)) texts, \(ReadableUnits.bytes(report.byteCount)), "
      + "\(ReadableUnits.count(report.wordCount)) words, \(ReadableUnits.count(report.vocabularyCount)) different"
      + ratio
  }

  private static let shownByteCount = 24
  private static let shownWordCount = 12

  /// - Parameter report: with at least one text.
  public static func all(_ report: DiversityReport) -> [Picture] {
    var charts = [
      ("lengths", lengths(report)), ("openings", shares("Openings", "% of the texts", report.openings, 0.2)),
      ("names", shares("Names", "% of the texts", report.names, 0.3)), ("runs", runs(report)),
      ("bytes", bytes(report)),
    ]
    if let sets = report.sets { charts.append(("sets", self.sets(sets))) }
    for coverage in report.coverage ?? [] {
      charts.append(("\(coverage.kind.rawValue)-\(coverage.list)", words(coverage)))
    }
    return charts.filter { !$0.1.rows.isEmpty }.map { picture($0.0, $0.1) }
  }

  private static func picture(_ name: String, _ chart: BarChart) -> Picture {
    Picture(
      name: name, title: chart.title, svg: chart.svg,
      words: chart.rows.map { "\($0.label): \($0.note)" }.joined(separator: "; "))
  }

  private static func lengths(_ report: DiversityReport) -> BarChart {
    BarChart(
      title: "Lengths", axis: Axis("texts"),
      rows: report.lengths.map {
        BarChart.Row("\($0.leastByteCount) bytes and more", Double($0.count), note: "\($0.count)")
      })
  }

  /// - Parameter most: beyond it an alarm is raised.
  private static func shares(
    _ title: String, _ label: String, _ shares: [DiversityReport.Share], _ most: Double
  ) -> BarChart {
    BarChart(
      title: title, axis: Axis(label),
      rows: shares.map { BarChart.Row($0.text, 100 * $0.share, note: percent($0.share)) }, reference: 100 * most)
  }

  private static func runs(_ report: DiversityReport) -> BarChart {
    BarChart(
      title: "Different runs of words", axis: Axis("% of all runs"),
      rows: zip(["words", "pairs", "triples"], report.distinct).map {
        BarChart.Row($0, 100 * $1, note: percent($1))
      })
  }

  private static func bytes(_ report: DiversityReport) -> BarChart {
    let all = Double(max(1, report.byteCounts.reduce(0, +)))
    let common = report.byteCounts.enumerated().filter { $0.element > 0 }
      .sorted { ($1.element, $0.offset) < ($0.element, $1.offset) }.prefix(shownByteCount)
    return BarChart(
      title: "Bytes: the commonest of \(report.byteValueCount)", axis: Axis("% of all bytes"),
      rows: common.map { byte, count in
        BarChart.Row(name(of: byte), 100 * Double(count) / all, note: percent(Double(count) / all))
      })
  }

  private static func name(of byte: Int) -> String {
    switch byte {
    case 0x20: "space"
    case 0x0A: "line end"
    case 0x21...0x7E: String(UnicodeScalar(UInt8(byte)))
    default: "0x" + String(byte, radix: 16)
    }
  }

  private static func sets(_ sets: [DiversityReport.SetSize]) -> BarChart {
    BarChart(
      title: "Sets of texts that are 0.8 alike", axis: Axis("sets"),
      rows: sets.map {
        BarChart.Row(
          $0.leastTextCount == 1 ? "alone" : "\($0.leastTextCount) and more", Double($0.count), note: "\($0.count)")
      })
  }

  /// The words with the fewest documents, and those with the most.
  private static func words(_ coverage: ListCoverage) -> BarChart {
    let (words, half) = (coverage.words, shownWordCount / 2)
    let shown = words.count <= shownWordCount ? words : Array(words.prefix(half)) + words.suffix(half)
    let what = coverage.kind == .words ? "Words" : "Labels"
    return BarChart(
      title: "\(what) of \(coverage.list): \(coverage.foundCount) of \(coverage.wordCount) found",
      axis: Axis("documents"),
      rows: shown.map { BarChart.Row($0.text, Double($0.documentCount), note: "\($0.documentCount)") })
  }

  private static func percent(_ share: Double) -> String { "\((1000 * share).rounded() / 10) %" }
}
