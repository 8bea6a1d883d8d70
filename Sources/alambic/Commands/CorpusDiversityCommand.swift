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
struct CorpusDiversityCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diversity", abstract: "Say how varied a corpus's documents are, or the texts of a file.",
    discussion: """
      Lengths, different words and runs of words, what texts begin with and whom they speak of,
      how far they compress, how many are nearly the same; of a corpus, which words of its
      recipe's lists arrived in documents; and what of it should be looked at.

      EXAMPLES
        alambic corpus diversity thermostat
        alambic corpus diversity thermostat --output diversity
        alambic corpus diversity curated/documents.jsonl
        alambic corpus diversity stories.txt --separator "<|endoftext|>" --json
      """.paragraphs)

  @Argument(help: ArgumentHelp("A corpus that was curated, or a file of texts.", valueName: "corpus"))
  var source: String
  @Option(help: ArgumentHelp("What separates plain texts (default: blank-line).", valueName: "text"))
  var separator: String?
  @Option(help: ArgumentHelp("The field that holds the text (default: text).", valueName: "field"))
  var text: String?
  @Option(
    help: ArgumentHelp("A folder for report.json and its charts as SVG files.", valueName: "folder"),
    completion: .directory)
  var output: String?
  @OptionGroup var common: CommonOptions

  func run() async throws {
    let isFile = source.contains(".") || source.contains("/")
    let report =
      isFile ? try await ofFile() : try await common.looking().diversity(of: source)
    if let output { try write(report, to: output) }
    if common.json { return try Output.json(report) }
    Output.text(page(report))
  }

  private func write(_ report: DiversityReport, to folder: String) throws {
    try AtomicFile.write(try CanonicalJSON.pretty(report), to: "\(folder)/report.json")
    guard report.textCount > 0 else { return }
    for picture in DiversityCharts.all(report) {
      try AtomicFile.write(picture.svg, to: "\(folder)/\(picture.name).svg")
    }
    common.printer.say("charts   \(folder)")
  }

  private func ofFile() async throws -> DiversityReport {
    let file = try InputFile(
      source, format: nil, separator: try TextSeparator(option: separator), template: try TextTemplate(text ?? "text"))
    var meter = DiversityMeter()
    while let block = try file.next() {
      let parsed = file.parser.parse(block)
      for record in parsed.records where record.fault == nil {
        meter.add(String(decoding: parsed.arena[record.text], as: UTF8.self))
      }
    }
    return try await meter.report()
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
    lines += sets(report) + coverage(report)
    if !report.alarms.isEmpty { lines += [""] + report.alarms.map { "look at: \($0)" } }
    return lines.joined(separator: "\n")
  }

  private func sets(_ report: DiversityReport) -> [String] {
    var lines: [String] = []
    if let ratio = report.compressionRatio {
      lines += ["", String(format: "zstd makes them %.1f times shorter", ratio)]
    }
    let several = report.sets?.dropFirst().filter { $0.count > 0 } ?? []
    guard !several.isEmpty else { return lines }
    return lines + ["", "sets of texts that are 0.8 alike"]
      + several.map { "  \(padded("of \($0.leastTextCount) and more", 18))\(ReadableUnits.count($0.count))" }
  }

  private func coverage(_ report: DiversityReport) -> [String] {
    guard let coverage = report.coverage, !coverage.isEmpty else { return [] }
    var table = Table([("list", .left), ("", .left), ("found", .right), ("fewest documents", .left)])
    for list in coverage {
      let fewest = list.words.prefix(3).map { "\($0.text.prefix(24)) \($0.documentCount)" }.joined(separator: ", ")
      let kind = list.kind == .words ? "in documents" : "in prompts"
      table.add([list.list, kind, "\(list.foundCount) of \(list.wordCount)", fewest])
    }
    return ["", table.text]
  }

  private func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
}
