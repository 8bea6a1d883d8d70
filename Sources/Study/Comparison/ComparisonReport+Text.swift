import Basics
import Charts
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

  /// Headings of `cells`, with whether numbers stand below.
  public static let headings: [(text: String, isNumber: Bool)] = [
    ("student", false), ("parameters", true), ("flash", true), ("RAM", true), ("instructions", true),
    ("steps", true), ("rates", true), ("bits per byte", true), ("perplexity", true),
    ("against the first, 95 %", false),
  ]

  /// One row of a table, in text or Markdown.
  public var cells: [String] {
    [
      name, ReadableUnits.count(parameterCount), ReadableUnits.count(flashByteCount),
      ReadableUnits.count(ramByteCount), instructionCount.map(ReadableUnits.count) ?? "–",
      ReadableUnits.count(stepCount), rates, quality, perplexity.rounded(toPlaces: 2),
      difference?.text ?? "–",
    ]
  }
}

extension ComparisonReport.Difference {
  /// `+0.210 (+0.190…+0.231) worse`.
  public var text: String {
    "\(Self.signed(mean)) (\(Self.signed(interval.lower))…\(Self.signed(interval.upper))) \(verdict.rawValue)"
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
          "95 % interval \(ComparisonReport.Difference.signed(difference.interval.lower)) to "
          + ComparisonReport.Difference.signed(difference.interval.upper)
        switch difference.verdict {
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

// MARK: - The page

extension ComparisonReport {
  /// `compare.md`. It holds no dates and, beside the steps of equal training time, nothing that was timed.
  public func markdown(command: String) -> String {
    let picture = "![Medians and ranges of every table](compare.svg)\n"
    return (["# Students and baselines\n", introduction(command)] + sections.map(page) + [tuningPage, picture])
      .filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private func introduction(_ command: String) -> String {
    """
    Written by `\(command)`.

    - **text**: \(text), \(ReadableUnits.count(trainWindowCount)) windows of \(windowTokenCount) bytes to train on and \
    \(ReadableUnits.count(testWindowCount)) to test on. Between them lies a tenth that only the search for learning
      rates sees.
    - **training**: recipe `\(recipe)`, \(ReadableUnits.count(stepCount)) steps of \(batchCount) windows where a table
      says nothing else; \(seeds.count) seeds; \(instructionSet).
    - **bits per byte** and **perplexity** are of the test, the median over seeds, with the least and the largest.
    - **against the first**: how many bits per byte more than the table's first student, and its 95 % interval by a
      bootstrap over seeds and windows, paired. An interval that contains 0 shows no difference. With 3 seeds the
      interval is somewhat too narrow.
    - **flash** is the model's bytes; **RAM** is an engine's work memory at a full window, in bytes, without its stack;
      **instructions** are of one byte on a \(board), by the model behind `alambic fit`. There is no such model of a
      GPT's engine; its RAM is the sum of its arrays.
    - **rates** are AdamW's and Muon's.

    """
  }

  private func page(_ section: Section) -> String {
    var lines = ["## \(section.title)", "", section.note.prefix(1).uppercased() + section.note.dropFirst() + ".", ""]
    lines.append("| \(Row.headings.map(\.text).joined(separator: " | ")) |")
    lines.append("|\(Row.headings.map { $0.isNumber ? "--:" : "---" }.joined(separator: "|"))|")
    lines += section.rows.map { "| \($0.cells.joined(separator: " | ")) |" }
    let claims = section.claims.map { "- \($0)." }
    return (lines + (claims.isEmpty ? [] : [""] + claims)).joined(separator: "\n") + "\n"
  }

  private var tuningPage: String {
    guard !tuning.isEmpty else { return "" }
    let lines = tuning.map { outcome in
      let best = outcome.trials.map(\.bitsPerByte).min() ?? .nan
      let rates = ([outcome.learningRate] + [outcome.muonLearningRate].compactMap(\.self))
        .map { String(format: "%.4g", Double($0)) }.joined(separator: " / ")
      return "| \(outcome.shape) | \(rates) | \(outcome.trials.count) | \(best.rounded(toPlaces: 3)) |"
    }
    return """
      ## Learning rates

      Each shape's own, by the same search on the validation windows with a seed that no table has.

      | shape | rates | trainings | best bits per byte, validation |
      |---|--:|--:|--:|
      \(lines.joined(separator: "\n"))

      """
  }

  /// `compare.svg`: every row's median and range, a colour a table.
  public var svg: String {
    let rows = sections.enumerated().flatMap { index, section in
      section.rows.map { row in
        IntervalChart.Row(
          "\(section.title): \(row.name)", row.median, row.range, note: row.median.rounded(toPlaces: 3), group: index)
      }
    }
    return IntervalChart(
      title: "Bits per byte of the test, median and range over \(seeds.count) seeds", axis: Axis("bits per byte"),
      rows: rows
    ).svg
  }
}
