import ArgumentParser
import Basics
import Console
import Curation
import Foundation
import Lineage
import Synchronization
import Workbench

/// `alambic curate`: samples, or files of texts, to documents.
struct CurateCommand: PartedCommand, Resumable {
  static let configuration = CommandConfiguration(
    commandName: "curate",
    abstract: "Normalise, filter and deduplicate, with a reason for each refusal.",
    discussion: """
      A corpus is curated as its recipe.yaml says. With --input, files of any size are:
      documents.jsonl, rejections.jsonl and report.json come into the --output folder. What is
      read is kept or refused, and the counts add up. Texts that are equal, or nearly so, become
      one that remembers how often it was said.

      EXAMPLES
        alambic curate thermostat
        alambic curate thermostat --proof
        alambic curate --input stories.jsonl.zst --output curated
        alambic curate --input stories.jsonl.zst --tune
        alambic curate --input a.csv --text "> {q}\\n< {a}" --output curated
        alambic curate --input dump.txt.gz --refuse chatter --output curated
        alambic curate --input a.jsonl --preset dialogue --output curated
        alambic curate --input a.csv --split-by label --proof --output curated
        alambic curate --input a.jsonl --against test.jsonl --output curated
        alambic curate --input - --format jsonl --near off --output curated
        alambic curate --input *.jsonl.gz --output curated --part 3/16
        alambic curate --input *.jsonl.gz --output curated --merge 16
      """.paragraphs)

  @Argument(help: ArgumentHelp("A corpus; leave it out with --input.", valueName: "corpus"))
  var corpus: String?
  @OptionGroup var files: CurationOptions
  @Option(
    help: ArgumentHelp(
      "With --input: read one part of N, into a folder of its own below the output; `auto` or `auto/N` takes it from "
        + "the array job.", valueName: "I/N"))
  var part: String?
  @Option(
    help: ArgumentHelp(
      "With --input: read no file, but what so many parts left; the result is that of one machine.",
      valueName: "count"))
  var merge: Int?
  @OptionGroup var common: CommonOptions

  /// Answers of a judge, and requests in other words, are in the ledger; files are read again.
  var goesOn: Bool { corpus != nil }

  func run() async throws {
    switch (corpus, files.input.isEmpty) {
    case (.some(let corpus), true): try await curate(corpus)
    case (nil, false): try await curateFiles()
    default:
      throw HintedError(
        "curate takes a corpus, or --input and --output", hint: "alambic curate --help has examples", status: .usage)
    }
  }

  private func curate(_ corpus: String) async throws {
    if let option = try GivenOptions.names(in: files).first(where: { $0 != "--proof" }) {
      throw HintedError(
        "\(option) is for --input; \(corpus) is curated as its recipe says",
        hint: "change `curation:` in the corpus's recipe.yaml", status: .usage)
    }
    guard part == nil, merge == nil else {
      throw HintedError(
        "\(part == nil ? "--merge" : "--part") is for --input",
        hint: "of a corpus the asking is what takes parts: alambic ask \(corpus) --part 1/16", status: .usage)
    }
    try await common.run(.curate, of: corpus)
    guard files.proof else { return }
    common.printer.say("proof    \(try await Workbench(workspace: common.place).proveSplit(of: corpus))")
  }

  private func curateFiles() async throws {
    let (settings, printer, start, stages) = (try files.settings(), common.printer, Date(), StageClock())
    guard !files.tune else { return try await tune(settings) }
    let progress: @Sendable (Int, Int?, String) -> Void = { count, total, unit in
      let text = ProgressText(
        stage: "curate", doneCount: count, totalCount: total, unit: unit, elapsedSeconds: stages.elapsed(unit))
      printer.update(text.line(on: .standardError()))
    }
    LargeBlocks.keep()
    if let part { return try await curate(part, settings, progress) }
    let report: FileCurationReport
    if let merge {
      report = try await CurationMerge(settings, partCount: merge, notice: { printer.say($0) }, progress: progress)
        .run()
    } else {
      report = try await FileCuration(settings, progress: progress).run()
    }
    if common.json { try Output.json(report) } else { try tell(report, settings.output, start) }
    guard report.keptCount > 0 else { throw nothingKept(report, settings.output) }
    if !common.json { printer.say("next     alambic corpus diversity \(settings.output)/documents.jsonl") }
  }

  private func tell(_ report: FileCurationReport, _ output: String, _ start: Date) throws {
    common.printer.say("curate   \(output) (\(ReadableUnits.duration(seconds: -start.timeIntervalSinceNow)))")
    Output.text(summary(of: report))
  }

  /// No shard and no student comes of nothing, so nobody's script should go on.
  private func nothingKept(_ report: FileCurationReport, _ output: String) -> HintedError {
    let hint =
      switch report.rejected.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key {
      case RejectionReason.invalidUTF8.rawValue?: "if it is Latin-1: iconv -f latin1 -t utf-8 FILE > FILE.utf8"
      case RejectionReason.missingField.rawValue?: "--text names the field that holds the text"
      case RejectionReason.tooLong.rawValue?:
        "--separator line takes each line as a text; --max-bytes allows longer ones"
      case nil: "the files hold no text"
      default: "\(output)/rejections.jsonl says why, text by text"
      }
    return HintedError("of \(ReadableUnits.count(report.recordCount)) records none is kept", hint: hint)
  }

  private func curate(
    _ name: String, _ settings: FileCurationSettings, _ progress: @escaping @Sendable (Int, Int?, String) -> Void
  ) async throws {
    let part = try PartName.part(named: name, environment: ProcessInfo.processInfo.environment)
    let (manifest, isNew) = try await CurationPart(part, settings, progress: progress).run()
    common.printer.say(
      isNew
        ? "curate   part \(part): \(ReadableUnits.count(manifest.recordCount)) records "
          + "(\(ReadableUnits.duration(seconds: manifest.durationSeconds)))"
        : "part \(part) is complete since attempt \(manifest.attempt)")
    if common.json { try Output.json(manifest) }
  }

  func parted() async throws -> PartedOutput {
    guard corpus == nil, !files.input.isEmpty, !files.input.contains("-") else {
      throw HintedError(
        files.input.contains("-") ? "no job reads standard input" : "of a corpus the asking is what takes parts",
        hint: files.input.contains("-") ? "name files" : "alambic ask \(corpus ?? "NAME") --part 1/16", status: .usage)
    }
    let settings = try files.settings()
    return PartedOutput(
      folder: settings.output, parts: CurationPart.root(settings), unit: .records,
      completion: try CurationPart.completion(settings))
  }

  func validate() throws {
    if part != nil, merge != nil { throw ValidationError("--part and --merge exclude each other") }
    if let option = part == nil ? (merge == nil ? nil : "--merge") : "--part", files.tune {
      throw ValidationError("--tune reads a sample; it does not go with \(option)")
    }
  }

  private func tune(_ settings: FileCurationSettings) async throws {
    let texts = try FileCuration(settings).sample()
    let report = try await NearDuplicateTuning(texts, threadCount: settings.threadCount).report()
    guard !common.json else { return try Output.json(report) }
    Output.text(TuningTable.text(report))
  }

  private func alarm(of report: FileCurationReport) -> String {
    let isOneSided = report.heldOutCount == 0 && report.keptCount > 50 && files.heldOut != 0
    return (isOneSided ? "\nlook at: nothing is held out: all hangs together, or groups are few" : "")
      + openingAlarm(of: report)
  }

  private func openingAlarm(of report: FileCurationReport) -> String {
    guard files.openingShare == nil, let text = report.commonOpening, let share = report.commonOpeningShare else {
      return ""
    }
    return "\nlook at: \(Int((share * 100).rounded())) % of the different texts begin with '\(text)'; "
      + "--opening-share 0.2 keeps fewer of them"
  }

  private func summary(of report: FileCurationReport) -> String {
    var table = Table([("", .left), ("records", .right), ("", .right)])
    func row(_ name: String, _ count: Int) {
      let share = report.recordCount == 0 ? 0 : 100 * Double(count) / Double(report.recordCount)
      table.add([name, ReadableUnits.count(count), String(format: "%.1f %%", share)])
    }
    row("read", report.recordCount)
    row("kept", report.keptCount)
    for (reason, count) in report.rejected.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      row(reason, count)
    }
    let repairs = report.repaired.sorted { $0.key < $1.key }.map { "\(ReadableUnits.count($0.value)) \($0.key)" }
    return table.text + "\n\(ReadableUnits.bytes(report.keptByteCount)) of text kept · "
      + "\(ReadableUnits.count(report.heldOutCount)) held out · "
      + "\(ReadableUnits.count(report.repeatedCount)) said more than once"
      + (repairs.isEmpty ? "" : "\nmended: \(repairs.joined(separator: ", "))") + alarm(of: report)
  }
}

/// When each stage began, by its unit: a stage's rate is its own.
private final class StageClock: Sendable {
  private let starts = Mutex([String: Date]())

  func elapsed(_ unit: String) -> Double {
    starts.withLock { starts in
      let start = starts[unit] ?? Date()
      starts[unit] = start
      return -start.timeIntervalSinceNow
    }
  }
}
