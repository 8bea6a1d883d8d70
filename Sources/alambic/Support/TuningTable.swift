import Basics
import Console
import Curation
import Foundation

/// What thresholds of near duplicates mean, for a person.
enum TuningTable {
  static func text(_ report: NearDuplicateTuning.Report) -> String {
    let edits = report.rows.first.map { $0.found.keys.sorted() } ?? []
    var table = Table([("--near", .right)] + edits.map { ($0, .right) } + [("own texts joined", .right)])
    for row in report.rows {
      table.add(
        ["\(row.threshold)"] + edits.map { String(format: "%.1f %%", 100 * (row.found[$0] ?? 0)) } + [
          ReadableUnits.count(row.ownTextCount)
        ])
    }
    var lines = [
      "Copies of \(ReadableUnits.count(report.textCount)) texts that were found again, by what was changed in them:",
      "", table.text, "",
      report.threshold.map { "--near \($0) is the largest that finds nearly all of them (98.5 %)" }
        ?? "none finds nearly all of them (98.5 %): the texts are short, so that one word changes much",
    ]
    if let row = report.rows.last(where: { $0.threshold == report.threshold }) ?? report.rows.first,
      !row.example.isEmpty
    {
      lines += ["", "Of the texts themselves, these two are joined at \(row.threshold), as little alike as any:", ""]
      lines += row.example.map { "    " + $0.replacing("\n", with: "\n    ") }
      lines.append("")
      lines.append("If they should both stay: --near off, or a higher one, or --keep-near")
    }
    return lines.joined(separator: "\n")
  }
}
