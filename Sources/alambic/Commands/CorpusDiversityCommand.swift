import ArgumentParser
import Basics
import Console
import Curation
import Formats
import Foundation
import Intake
import Lineage
import Workbench

/// `alambic corpus diversity`.
struct CorpusDiversityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diversity", abstract: "Say how varied a corpus's documents are, or the texts of a file.",
    discussion: """
      Lengths, different words and runs of words, what texts begin with and whom they speak of;
      and what of it should be looked at.

      EXAMPLES
        alambic corpus diversity thermostat
        alambic corpus diversity curated/documents.jsonl
        alambic corpus diversity stories.txt --separator "<|endoftext|>" --json
      """)

  @Argument(help: ArgumentHelp("A corpus that was curated, or a file of texts.", valueName: "corpus"))
  var source: String
  @Option(help: ArgumentHelp("What separates plain texts (default: blank-line).", valueName: "text"))
  var separator: String?
  @Option(help: ArgumentHelp("The field that holds the text (default: text).", valueName: "field"))
  var text: String?
  @OptionGroup var common: CommonOptions

  func run() throws {
    let isFile = source.contains(".") || source.contains("/")
    let report = isFile ? try ofFile() : try ofCorpus()
    if common.json { return try Output.json(report) }
    Output.text(page(report))
  }

  private func ofCorpus() throws -> DiversityReport {
    let reader = try RecordReader<Document>(common.place.documentsFile(source))
    var meter = DiversityMeter()
    while let document = try reader.next() { meter.add(document.text) }
    return meter.finished()
  }

  private func ofFile() throws -> DiversityReport {
    let file = try InputFile(
      source, format: nil, separator: try TextSeparator(option: separator), template: try TextTemplate(text ?? "text"))
    var meter = DiversityMeter()
    while let block = try file.next() {
      let parsed = file.parser.parse(block)
      for record in parsed.records where record.fault == nil {
        meter.add(String(decoding: parsed.arena[record.text], as: UTF8.self))
      }
    }
    return meter.finished()
  }

  private func page(_ report: DiversityReport) -> String {
    guard report.textCount > 0 else { return "no texts" }
    var lines = [
      "\(ReadableUnits.count(report.textCount)) texts, \(ReadableUnits.bytes(report.byteCount)), "
        + "\(ReadableUnits.count(report.wordCount)) words, \(ReadableUnits.count(report.vocabularyCount)) different, "
        + "\(report.byteValueCount) byte values", "",
    ]
    let most = report.lengths.map(\.count).max() ?? 1
    for bin in report.lengths {
      let bar = String(repeating: "█", count: (40 * bin.count + most - 1) / max(1, most))
      lines.append(
        "\(padded("from \(ReadableUnits.count(bin.leastByteCount)) bytes", 20))\(padded(bar, 41))\(bin.count)")
    }
    let shares = report.distinct.map(percent)
    lines += ["", "different words \(shares[0]), pairs \(shares[1]), triples \(shares[2])", ""]
    lines.append("begin with (\(percent(report.distinctOpenings)) are different)")
    lines += report.openings.map { "  \(padded(percent($0.share), 8))\($0.text)" }
    if !report.names.isEmpty {
      lines += ["", "speak of"] + report.names.map { "  \(padded(percent($0.share), 8))\($0.text)" }
    }
    if !report.alarms.isEmpty { lines += [""] + report.alarms.map { "look at: \($0)" } }
    return lines.joined(separator: "\n")
  }

  private func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
}

extension TextSeparator {
  /// - Throws: `HintedError` for an empty text.
  init(option: String?) throws {
    switch option {
    case nil, "blank-line": self = .blankLine
    case "line": self = .line
    case "": throw HintedError("--separator is empty", hint: "blank-line, line, or a text", status: .usage)
    case .some(let text): self = .text(text.replacing("\\n", with: "\n"))
    }
  }
}
