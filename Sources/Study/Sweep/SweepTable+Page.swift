import Basics
import Charts
import Formats
import Foundation

extension SweepTable {
  /// What varies between rows, beside the student.
  private var axes: [(title: String, isNumber: Bool, text: (Row) -> String)] {
    let all: [(String, Bool, (Row) -> String)] = [
      ("data", false, { $0.data }), ("recipe", false, { $0.recipe }), ("rate", true, { "\($0.rate)" }),
      ("strings", true, { "\($0.stringCount)" }), ("window", true, { "\($0.windowTokenCount)" }),
      ("batch", true, { "\($0.batchCount)" }), ("steps", true, { ReadableUnits.count($0.stepCount) }),
      ("patience", true, { $0.patience.map(String.init) ?? "none" }),
    ]
    return all.map { (title: $0, isNumber: $1, text: $2) }
  }

  private func varies(_ text: (Row) -> String) -> Bool { Set(rows.map(text)).count > 1 }

  /// Headings of `cells`, with whether numbers stand below.
  public var headings: [(text: String, isNumber: Bool)] {
    [("student", false)] + axes.filter { varies($0.text) }.map { ($0.title, $0.isNumber) } + [
      ("parameters", true), ("flash", true), ("bits per byte", true), ("front", false),
    ]
  }

  public var cells: [[String]] {
    let shown = axes.filter { varies($0.text) }
    return rows.map { row in
      [row.student] + shown.map { $0.text(row) } + [
        ReadableUnits.count(row.parameterCount), ReadableUnits.count(row.flashByteCount), row.quality,
        row.isOnFront == true ? "yes" : "",
      ]
    }
  }

  /// `sweep.md`. It holds no dates and nothing that was timed.
  public var markdown: String {
    let (headings, cells) = (headings, cells)
    let lines =
      [
        "| \(headings.map(\.text).joined(separator: " | ")) |",
        "|\(headings.map { $0.isNumber ? "--:" : "---" }.joined(separator: "|"))|",
      ] + cells.map { "| \($0.joined(separator: " | ")) |" }
    return """
      # Sweep \(sweep)

      \(notes.map { "- \($0)" }.joined(separator: "\n"))

      \(lines.joined(separator: "\n"))

      ![Bits per byte over flash](sweep.svg)

      """
  }

  /// What the table is of.
  private var notes: [String] {
    let fixed = rows.first.map { first in
      axes.filter { !varies($0.text) }.map { "\($0.title) \($0.text(first))" }.joined(separator: ", ")
    }
    let counts = [
      (Training.State.finished, "finished"), (.stopped, "stopped early"), (.diverged, "diverged"), (.open, "open"),
    ].map { state, word in (trainings.count { $0.state == state }, word) }.filter { $0.0 > 0 }
    return [
      "**trainings**: " + counts.map { "\(ReadableUnits.count($0)) \($1)" }.joined(separator: ", ")
        + "; \(instructionSet); inputs \(inputs.short)",
      fixed.flatMap { $0.isEmpty ? nil : "**all alike**: \($0)" },
      "**bits per byte** are of the held-out text, in the form that is flashed: the median over seeds, with the least "
        + "and the largest",
      "**flash** is the model's bytes with its vocabulary's; **front**: no other row of the same data has fewer bits "
        + "in as little flash",
      rungs.map {
        "**rungs**: one of \($0.eta) of each \($0.among.rawValue) goes on, \(ReadableUnits.count($0.budget)) steps a "
          + "group at most; they choose by the same held-out text that the table shows, so what is left looks "
          + "somewhat too good"
      },
    ].compactMap(\.self)
  }

  /// `sweep.csv`: a line a training.
  public var csv: String {
    let header = [
      "student", "data", "recipe", "rate", "strings", "window", "batch", "steps", "seed", "parameters", "flash_bytes",
      "state", "step", "bits_per_byte", "front", "training", "checkpoint",
    ]
    let lines = rows.flatMap { row in row.trainings.map { Self.values(row, $0).map(Self.field).joined(separator: ",") }
    }
    return ([header.joined(separator: ",")] + lines).joined(separator: "\n") + "\n"
  }

  private static func values(_ row: Row, _ training: Training) -> [String] {
    let configuration: [String] = [
      row.student, row.data, row.recipe, "\(row.rate)", String(row.stringCount), String(row.windowTokenCount),
      String(row.batchCount), String(row.stepCount), String(training.seed), String(row.parameterCount),
      String(row.flashByteCount),
    ]
    let front = row.isOnFront.map { $0 ? "yes" : "no" } ?? ""
    let outcome: [String] = [
      training.state.rawValue, training.step.map(String.init) ?? "",
      training.bitsPerByte.map { "\($0)" } ?? "", front, training.id.description,
      training.checkpoint?.description ?? "",
    ]
    return configuration + outcome
  }

  /// As RFC 4180 wants it.
  private static func field(_ text: String) -> String {
    text.contains { ",\"\r\n".contains($0) } ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
  }

  /// `sweep.svg`: the median of each row over its flash; those on the front of their data joined by a line.
  public var svg: String {
    let several = Set(rows.map(\.data)).count > 1
    let shown = axes.filter { $0.title != "data" && varies($0.text) }
    let placed = rows.filter { $0.median != nil }
    let names = Comparison.distinct(placed.map(\.data))
    func place(_ row: Row) -> SIMD2<Double> { [Double(row.flashByteCount), row.median ?? .nan] }
    var chart = PointChart(
      title: "\(sweep): bits per byte over flash, the Pareto front joined",
      x: Axis("bytes of flash", scale: .logarithmic), y: Axis("bits per byte: less is better"),
      marks: placed.map { row in
        let words = [row.student] + shown.map { "\($0.title) \($0.text(row))" } + (several ? [row.data] : [])
        // Of many points only those that are best have names.
        let label = placed.count <= Self.labelLimit || row.isOnFront == true ? words.joined(separator: ", ") : ""
        return PointChart.Mark(label, place(row), group: names.firstIndex(of: row.data) ?? 0)
      })
    chart.lines = names.map { name in
      placed.filter { $0.data == name && $0.isOnFront == true }.map(place).sorted { $0.x < $1.x }
    }.filter { $0.count > 1 }
    return chart.svg
  }

  private static let labelLimit = 24
}

extension SweepTable.Row {
  /// `2.303 (2.297…2.309)`, or why there is no such figure.
  public var quality: String {
    let values = finished
    guard let median, let least = values.min(), let most = values.max() else {
      let stopped = trainings.filter { $0.state == .stopped }
      if let step = stopped.first?.step {
        let bits = stopped.compactMap(\.bitsPerByte)
        let mean = bits.reduce(0, +) / Double(max(1, bits.count))
        return "stopped after \(ReadableUnits.count(step)): \(mean.rounded(toPlaces: 3))"
      }
      return trainings.contains { $0.state == .open } ? "open" : "diverged"
    }
    let missing = trainings.count - values.count
    return median.rounded(toPlaces: 3)
      + (values.count > 1 ? " (\(least.rounded(toPlaces: 3))…\(most.rounded(toPlaces: 3)))" : "")
      + (missing > 0 ? ", \(missing) without" : "")
  }
}
