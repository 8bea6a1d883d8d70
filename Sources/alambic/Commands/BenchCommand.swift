import ArgumentParser
import Basics
import Console
import Conversation
import Formats
import Foundation
import Lineage
import Networks
import Study
import Training
import Workbench

/// `alambic bench`: how fast this machine runs a model, or trains one.
struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure how fast this machine runs images, trains shapes, or learns a vocabulary.",
    discussion: """
      With images: bytes a second of both engines of this process, reading a text and writing
      on. The engines take turns; the best and the median of the rounds are shown. What a core
      takes is counted, not timed: see docs/reference/engine-cost.md and `alambic fit`.

      With --training: time of a step, and its share of the machine's float32 peak, which is
      measured in the same run. With --sweep, too: what a byte costs in windows of 64 to 1024
      bytes and batches of 4 to 64, and of what parts a step's time is made.

      With --vocabulary: seconds to learn a vocabulary from a text, which is repeated to ten million
      bytes, and bytes a second of encoding it.

      With an image and --healing: how a talk goes on after a prompt that ends inside a word. The
      file is a corpus's documents; held-out requests with their reply, cut behind each byte of it,
      are continued as every talk does, and with the prompt's end read as it stands.

      --page writes images' or a sweep's figures as a page, a sweep's with a picture beside it:
      docs/reference/inference-speed.md and docs/reference/training-cost.md.

      EXAMPLES
        alambic bench model.atome
        alambic bench model.atome --bytes 2000 --context 256 --json
        alambic bench --training atome-944k --batch 32 --window 128
        alambic bench --training atome-60k --training gpt-60k --sweep --page cost.md
        alambic bench --vocabulary stories.txt --json
        alambic bench thermostat.atome --healing documents.jsonl.zst
      """.paragraphs)

  @Argument(help: ArgumentHelp("Images, .atome.", valueName: "file"), completion: .file(extensions: ["atome"]))
  var files: [String] = []
  @OptionGroup var shape: ShapeOptions
  @Option(
    help: ArgumentHelp(
      "Bytes read, and bytes written, in a round: 500; of --vocabulary's text: 10000000.", valueName: "count"))
  var bytes: Int?
  @Option(help: ArgumentHelp("The attention window, in positions.", valueName: "positions"))
  var context = 64
  @Option(
    help: ArgumentHelp(
      "Rounds: 7, or 5 of a sweep or a vocabulary; with --training alone steps: 20.", valueName: "count"))
  var rounds: Int?
  @Option(
    help: ArgumentHelp("Measure training steps of this shape; with --sweep of several.", valueName: "preset"),
    completion: .list(Architectures.presetNames))
  var training: [String] = []
  @Flag(help: "With --training: steps of many sizes.")
  var sweep = false
  @Option(help: ArgumentHelp("With --training: windows in a step, 32; the most of a sweep, 64.", valueName: "count"))
  var batch: Int?
  @Option(help: ArgumentHelp("With --training: bytes in a window, 128; the most of a sweep, 1024.", valueName: "bytes"))
  var window: Int?
  @Option(help: ArgumentHelp("With --training: the optimiser and its numbers, as train takes them.", valueName: "name"))
  var recipe = TrainingSettings.standard.recipe
  @Option(help: ArgumentHelp("With --training or --healing: threads.", valueName: "count"))
  var threads: Int?
  @Option(help: ArgumentHelp("Learn a vocabulary from this text.", valueName: "file"), completion: .file())
  var vocabulary: String?
  @Option(
    name: .customLong("mark"),
    help: ArgumentHelp(
      "With --vocabulary: a text whose bytes, except spaces, are in no string; repeatable.", valueName: "text"))
  var marks: [String] = []
  @Option(
    help: ArgumentHelp("Cut replies of these documents, documents.jsonl.zst.", valueName: "file"), completion: .file())
  var healing: String?
  @Option(help: ArgumentHelp("With --healing: how many replies are cut.", valueName: "count"))
  var exchanges = HealingBench.standardExchangeCount
  @Option(help: ArgumentHelp("Write the figures as a page.", valueName: "file"), completion: .file())
  var page: String?
  @OptionGroup var common: CommonOptions

  func run() async throws {
    if let bytes { try Limits.check("--bytes", bytes, in: 1...(vocabulary == nil ? 1_000_000 : 1 << 30)) }
    try Limits.check("--exchanges", exchanges, in: 1...1_000_000)
    try Limits.check("--context", context, in: 1...65_536)
    if let rounds { try Limits.check("--rounds", rounds, in: 1...100_000) }
    try Limits.checkThreads(threads)
    if page != nil, vocabulary != nil || healing != nil {
      throw HintedError("--page is for images and sweeps", hint: "take --json", status: .usage)
    }
    switch (files.isEmpty, training.isEmpty, sweep, vocabulary, healing) {
    case (false, true, false, nil, nil): try benchImages()
    case (true, false, true, nil, nil): try benchSweep()
    case (true, true, false, let text?, nil): try benchVocabulary(text)
    case (false, true, false, nil, let documents?) where files.count == 1:
      try await benchHealing(documents)
    case (true, false, false, nil, nil) where training.count == 1 && page == nil: try benchTraining(training[0])
    case (true, false, false, nil, nil):
      throw HintedError(
        page == nil ? "--training names several shapes" : "--page requires --sweep",
        hint: "add --sweep", status: .usage)
    default:
      throw HintedError(
        "bench needs an image, --training or --vocabulary, one of them",
        hint: "for example `alambic bench model.atome`", status: .usage)
    }
  }

  private var imageByteCount: Int { bytes ?? 500 }

  private var threadCount: Int { threads ?? TrainingHost.defaultThreadCount }

  private func benchImages() throws {
    let images = try files.map { try LoadedImage(path: $0, shape: try shape.requestedShape()) }
    let benches = try images.map {
      try InferenceBench($0, byteCount: imageByteCount, context: context, roundCount: rounds ?? 7)
    }
    if let page { try AtomicFile.write(InferenceBench.markdown(benches, command: commandLine), to: page) }
    if !common.json {
      Output.text(benches.map(BenchTables.text).joined(separator: "\n\n"))
    } else if benches.count == 1 {
      try Output.json(Answer(bench: benches[0]))
    } else {
      try Output.json(Answers(benches: benches))
    }
  }

  private func benchVocabulary(_ path: String) throws {
    let bench = try VocabularyBench(
      try PlainTextFile.read(path), byteCount: bytes ?? VocabularyBench.standardByteCount, marks: marks,
      roundCount: rounds ?? 5)
    if common.json { try Output.json(Answer(bench: bench)) } else { Output.text(BenchTables.text(bench)) }
  }

  private func benchHealing(_ documents: String) async throws {
    let bench = try await HealingBench(
      try LoadedImage(path: files[0], shape: try shape.requestedShape()),
      documents: try RecordFile.read(Document.self, documents), exchangeCount: exchanges, threadCount: threads)
    if common.json { try Output.json(Answer(bench: bench)) } else { Output.text(BenchTables.text(bench)) }
  }

  private func benchTraining(_ preset: String) throws {
    let window = window ?? 128
    let bench = try TrainingBench(
      try StudentShape(named: preset, window: window), settings: try TrainingSettings.recipe(named: recipe),
      batchCount: batch ?? 32, windowTokenCount: window, threadCount: threadCount, stepCount: rounds ?? 20)
    if common.json { try Output.json(Answer(bench: bench)) } else { Output.text(BenchTables.text(bench)) }
  }

  private func benchSweep() throws {
    if let window { try Limits.check("--window", window, in: 64...4096) }
    if let batch { try Limits.check("--batch", batch, in: 4...65_536) }
    let (printer, start) = (common.printer, Date())
    let found = try TrainingSweep(
      presets: training, settings: try TrainingSettings.recipe(named: recipe), threadCount: threadCount,
      roundCount: rounds ?? 5, largestWindow: window ?? 1024, largestBatch: batch ?? 64
    ) { done, total in
      printer.update(
        ProgressText(
          stage: "bench", doneCount: done, totalCount: total, unit: "visits",
          elapsedSeconds: -start.timeIntervalSinceNow
        ).line(on: .standardError()))
    }
    printer.say("bench    \(page ?? "a sweep") (\(ReadableUnits.duration(seconds: -start.timeIntervalSinceNow)))")
    if let page {
      let picture = URL(fileURLWithPath: page).deletingPathExtension().lastPathComponent + ".svg"
      let folder = URL(fileURLWithPath: page).deletingLastPathComponent()
      try AtomicFile.write(found.markdown(command: commandLine, picture: picture), to: page)
      try AtomicFile.write(found.svg, to: folder.appendingPathComponent(picture).path)
    }
    if common.json { try Output.json(SweepAnswer(sweep: found)) } else { Output.text(BenchTables.text(found)) }
  }

  /// The options that decide the page, as one would type them.
  private var commandLine: String {
    var words = ["alambic bench"] + files.map { URL(fileURLWithPath: $0).lastPathComponent }
    words += training.map { "--training \($0)" }
    words += sweep ? ["--sweep"] : ["--bytes \(imageByteCount)", "--context \(context)"]
    if recipe != TrainingSettings.standard.recipe { words.append("--recipe \(recipe)") }
    words += (window.map { ["--window \($0)"] } ?? []) + (batch.map { ["--batch \($0)"] } ?? [])
    words += (rounds.map { ["--rounds \($0)"] } ?? []) + (threads.map { ["--threads \($0)"] } ?? [])
    words += page.map { ["--page \($0)"] } ?? []
    return words.dropFirst().reduce(words[0]) { line, word in
      let column = line.split(separator: "\n").last?.count ?? 0
      return line + (column + word.count < 116 ? " " : " \\\n  ") + word
    }
  }
}

/// What `bench --json` prints for an image, or with `--training`, `--vocabulary` or `--healing`.
private struct Answer<Bench: Encodable>: Encodable {
  var schema = "alambic.bench/1"
  var bench: Bench
}

/// What `bench --json` prints for several images.
private struct Answers: Encodable {
  var schema = "alambic.benches/1"
  var benches: [InferenceBench]
}

/// What `bench --sweep --json` prints.
private struct SweepAnswer: Encodable {
  var schema = "alambic.sweep/1"
  var sweep: TrainingSweep
}
