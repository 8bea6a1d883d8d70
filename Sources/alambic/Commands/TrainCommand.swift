import ArgumentParser
import Basics
import Formats
import Foundation
import Lineage
import Networks
import Training
import Workbench

/// `alambic train`: shards, or a text file, to a checkpoint.
struct TrainCommand: AsyncParsableCommand, Resumable {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a student on a corpus's shards, or on a text file.",
    discussion: """
      With --data, the text is cut into windows; a tenth of its documents, or the text of
      --held-out, is measured on and never trained on, nor is a vocabulary learned from it.
      Documents end at NUL, at <|endoftext|> or at an empty line; of a text without them the last
      tenth is held out. Progress is saved
      beside the output: after a kill, the same command continues to the same bytes. A gpt preset
      trains a plain float transformer instead, as a baseline, with --window positions; it takes
      vocabularies, too. Bits are said per byte of text, whatever the tokens. A corpus is trained as
      its recipe.yaml says.

      EXAMPLES
        alambic train thermostat
        alambic train --data stories.txt --preset atome-60k --steps 3000 --seed 0 \\
          --out stories.checkpoint
        alambic train --data stories.txt --vocabulary learned --out tokens
        alambic train --data chat.txt --vocabulary learned --mark "> " --out chat
        alambic train --data stories.txt --vocabulary learned \\
          --segmentation-dropout 0.03 --out tokens
        alambic train --data shards --reply line --vocabulary learned --out intents
        alambic train --task classify --data intents.csv --label intent \\
          --out intents.checkpoint
        alambic train --data stories.txt --minutes 5 --out model.checkpoint
        alambic train --data stories.txt --preset atome-21kb --twin 0.5 --out taught
        alambic train --data stories.txt --soft-from teacher --out taught
        alambic train --data stories.txt --preset gpt-60k --out baseline.checkpoint
        alambic train --data stories.txt --preset gpt-60k --weights 4bit --out rival
      """.paragraphs)

  @Argument(help: ArgumentHelp("A corpus; leave it out with --data.", valueName: "corpus"))
  var corpus: String?
  @Option(help: ArgumentHelp("A text to train on, or a folder of shards.", valueName: "path"), completion: .file())
  var data: String?
  @Option(
    help: ArgumentHelp("A text to measure on, instead of a tenth of --data.", valueName: "file"),
    completion: .file())
  var heldOut: String?
  @Option(
    help: ArgumentHelp(
      "Hold out whole documents; whole lines, where each is a document; or the last tenth of the windows, as versions "
        + "before did (default: documents).",
      valueName: TextSplit.allCases.map(\.rawValue).joined(separator: "|")))
  var split: TextSplit?
  @OptionGroup var classifying: ClassifyTaskOptions
  @OptionGroup var shape: ShapeOptions
  @OptionGroup var tokens: VocabularyOptions
  @Option(
    help: ArgumentHelp(
      "\(TrainingSettings.recipes.map(\.recipe).joined(separator: ", ")): optimiser, schedule and their numbers "
        + "(default: \(Self.base.recipe)).",
      valueName: "name"))
  var recipe: String?
  @Option(help: ArgumentHelp("Steps (default: \(Self.base.stepCount)).", valueName: "count"))
  var steps: Int?
  @Option(
    help: ArgumentHelp(
      "As many steps as fit into so much time on this machine, evaluations included; says which --steps that is.",
      valueName: "count"))
  var minutes: Double?
  @Option(help: ArgumentHelp("Windows in a step (default: \(Self.base.batchCount)).", valueName: "count"))
  var batch: Int?
  @Option(
    help: ArgumentHelp(
      "Tokens in a window; bytes, unless a vocabulary is learned (default: \(Self.base.windowTokenCount)).",
      valueName: "count"))
  var window: Int?
  @Option(
    help: ArgumentHelp(
      "With a vocabulary: how likely each string is passed over where it fits, anew each time that training reads a "
        + "text, 0 to 1 (default: every text has one segmentation).",
      valueName: "probability"))
  var segmentationDropout: Float?
  @Option(
    help: ArgumentHelp(
      "Of a gpt preset: round matrices and tables in training as an engine will; without it they are floats.",
      valueName: TrainingSettings.Weights.allCases.map(\.rawValue).joined(separator: "|")))
  var weights: TrainingSettings.Weights?
  @Option(
    help: ArgumentHelp(
      "Train the same network without rounding first, and take this share of the loss, 0 to 1, from what it predicts "
        + "instead of the text: 0.5 is best where it was measured. More than doubles the time.", valueName: "share"))
  var twin: Float?
  @Option(
    help: ArgumentHelp(
      "A checkpoint of the same data and vocabulary, of any architecture: take a share of the loss from what it "
        + "predicts, which is written beside the output.", valueName: "file"),
    completion: .file())
  var softFrom: String?
  @Option(
    help: ArgumentHelp(
      "That share, 0 to 1, with --soft-from (default: \(Recipe.SoftLabels().share)).", valueName: "share"))
  var softShare: Float?
  @Option(help: ArgumentHelp("Where all randomness starts (default: 0).", valueName: "number"))
  var seed: UInt64?
  @Option(help: ArgumentHelp("Override the recipe's learning rate.", valueName: "rate"))
  var learningRate: Float?
  @Option(
    help: ArgumentHelp(
      "Measure the held-out text after every so many (default: \(Self.base.evaluationInterval)).", valueName: "steps"))
  var evaluateEvery: Int?
  @Option(
    help: ArgumentHelp(
      "Stop after so many evaluations in a row without a new best on the held-out replies, or text, and leave the best "
        + "checkpoint (default: do all steps and leave the last).", valueName: "evaluations"))
  var patience: Int?
  @Option(help: ArgumentHelp("Threads; the checkpoint does not depend on it.", valueName: "count"))
  var threads: Int?
  @Option(
    help: ArgumentHelp(
      "How often progress is saved, and so what a kill can cost (default: \(TrainingResult.saveInterval)).",
      valueName: "seconds"))
  var saveEvery: Double?
  @Option(
    help: ArgumentHelp(
      "Of shards: documents are requests with replies, which begin behind the first line (line) or behind a text; each "
        + "is learned whole, and replies count most.",
      valueName: "line|text"))
  var reply: String?
  @Option(
    help: ArgumentHelp("With --reply, what a prediction before it weighs (default: 0.1).", valueName: "weight"))
  var promptWeight: Float?
  @Option(name: .customLong("out"), help: ArgumentHelp("The checkpoint, with --data.", valueName: "file"))
  var output: String?
  @OptionGroup var common: CommonOptions

  static let base = TrainingSettings.standard

  func run() async throws {
    try Limits.checkThreads(threads)
    switch (corpus, data) {
    case (let corpus?, nil):
      try refuseSettings(of: corpus)
      try await common.run(.train, of: corpus, options: Pipeline.Options(threadCount: threads))
    case (nil, let data?) where classifying.task == .classify:
      try await trainClassifier(on: data)
    case (nil, let data?):
      if let option = classifying.given {
        throw HintedError("\(option) is for --task classify", hint: "add --task classify", status: .usage)
      }
      try await train(on: data)
    default:
      throw HintedError(
        "train needs either a corpus or --data", hint: "for example `alambic train thermostat`", status: .usage)
    }
  }

  /// A corpus's settings come from its recipe, so that its receipts are true: none given here may be passed over.
  private func refuseSettings(of corpus: String) throws {
    let given: [(name: String, isGiven: Bool)] = [
      ("--held-out", heldOut != nil), ("--split", split != nil), ("--task", classifying.task != nil),
      (classifying.given ?? "--text", classifying.given != nil), ("--shape", shape.shape != nil),
      ("--preset", shape.preset != nil),
      (tokens.given ?? "--vocabulary", tokens.given != nil), ("--recipe", recipe != nil), ("--weights", weights != nil),
      ("--twin", twin != nil), ("--soft-from", softFrom != nil), ("--soft-share", softShare != nil),
      ("--steps", steps != nil), ("--minutes", minutes != nil), ("--batch", batch != nil), ("--window", window != nil),
      ("--segmentation-dropout", segmentationDropout != nil),
      ("--seed", seed != nil), ("--learning-rate", learningRate != nil), ("--evaluate-every", evaluateEvery != nil),
      ("--patience", patience != nil),
      ("--reply", reply != nil), ("--prompt-weight", promptWeight != nil),
      ("--save-every", saveEvery != nil), ("--out", output != nil),
    ]
    guard let first = given.first(where: \.isGiven) else { return }
    throw HintedError(
      "\(first.name) is for --data; \(corpus) is trained as its recipe says",
      hint: "change `training:` in the corpus's recipe.yaml, or train on a text with --data", status: .usage)
  }

  private func train(on data: String) async throws {
    let budget = try timeBudget()
    guard let output else {
      throw HintedError("--data needs --out", hint: "name the checkpoint: --out model.checkpoint", status: .usage)
    }
    let asked = try shape.requestedStudent(window: window ?? Self.base.windowTokenCount) ?? AtomeShape.atome60K
    guard let student = asked as? any TrainableShape else {
      throw HintedError("nothing here trains \(asked.presetName)", status: .internalFault)
    }
    try await train(student, on: data, output, budget)
  }

  private func train(
    _ shape: some TrainableShape, on data: String, _ output: String, _ budget: TimeBudget?
  ) async throws {
    let settings = try trainingSettings(for: type(of: shape).architecture)
    let content = try source(data).content()
    var run = TrainingRun(
      shape: shape, settings: settings, data: content.data, output: output, threadCount: threads,
      saveInterval: saveEvery ?? TrainingResult.saveInterval)
    let renderer = EventRenderer(common)
    if let labels = try softLabels(of: run.data, output) {
      run.learn(from: labels, share: softShare ?? Float(Recipe.SoftLabels().share))
      try run.settings.validate()
      renderer.show(.notice(labels.summary))
    }
    let progress = TrainingProgress(ProgressSink(stage: .train) { renderer.show($0) })
    for notice in [run.replaced].compactMap(\.self) + notices(on: content, of: data) { renderer.show(.notice(notice)) }
    if let budget { renderer.show(.notice(try fit(&run, into: budget))) }
    renderer.show(.started(.train))
    let result = try await run.run(progress: progress.callAsFunction)
    renderer.show(
      .finished(
        .train,
        summary: "\(result.heldOutBitsPerByte.rounded(toPlaces: 4)) bits per byte on held-out windows"
          + (run.settings.patience == nil ? " · " : " after step \(result.checkpointStep), the best · ")
          + "\(output) · \(result.checkpoint.short)\(try Self.vocabularyText(run.data))", seconds: result.seconds))
    if common.json { try Output.json(try TrainAnswer(run, result, content.documents)) }
  }

  private func softLabels(of data: TrainingData, _ output: String) throws -> SoftLabels? {
    guard let softFrom else {
      guard softShare == nil else {
        throw HintedError(
          "--soft-share is a share of what --soft-from predicts, and that is missing",
          hint: "name a checkpoint: --soft-from teacher.checkpoint", status: .usage)
      }
      return nil
    }
    return try SoftTeacher(checkpoint: softFrom).labels(of: data, reply: nil, at: "\(output).soft-labels")
  }

  private func timeBudget() throws -> TimeBudget? {
    guard let minutes else { return nil }
    guard steps == nil else {
      throw HintedError(
        "--steps and --minutes both say how long a run is", hint: "give one of them", status: .usage)
    }
    return try TimeBudget(minutes: minutes)
  }

  /// - Returns: how many steps that is, why, and how to have the same ones again.
  private func fit(_ run: inout TrainingRun<some TrainableShape>, into budget: TimeBudget) throws -> String {
    let speed = try run.fit(budget)
    let count = run.settings.stepCount
    let reason =
      speed.map {
        "\(($0.secondsPerStep * 1000).rounded(toPlaces: 2)) ms a step, "
          + "\($0.secondsPerEvaluation.rounded(toPlaces: 2)) s an evaluation"
      } ?? "as the unfinished run has them"
    return "\(budget.minutes) minutes: \(count) steps (\(reason)); the same bytes again: \(Self.command(steps: count))"
  }

  /// This command with steps in the place of minutes.
  private static func command(steps: Int) -> String {
    var words: [String] = []
    var rest = CommandLine.arguments.dropFirst()[...]
    while let word = rest.popFirst() {
      if word == "--minutes" { rest = rest.dropFirst() }
      if word.hasPrefix("--minutes") { continue }
      words.append(word.allSatisfy { $0.isLetter || $0.isNumber || "-_./=,".contains($0) } ? word : "'\(word)'")
    }
    return (["alambic"] + words + ["--steps \(steps)"]).joined(separator: " ")
  }

  private static func vocabularyText(_ data: TrainingData) throws -> String {
    guard let vocabulary = VocabularySummary(data.vocabulary) else { return "" }
    let unknown = try data.heldOutUnknownByteCount()
    let note = unknown > 0 ? ", \(ReadableUnits.count(unknown)) held-out bytes unknown" : ""
    return " · vocabulary of \(vocabulary.text)\(note)"
  }

  /// How the text is split, and what is wrong with that.
  private func notices(on content: TrainingSource.Content, of path: String) -> [String] {
    if let documents = content.documents {
      return [
        "\(ReadableUnits.count(documents.heldOutDocumentCount)) of \(ReadableUnits.count(documents.documentCount)) "
          + "documents are held out, \(ReadableUnits.bytes(documents.heldOut.count)) (parted by "
          + "\(documents.separator.rawValue))"
      ]
    }
    guard let text = content.cutText else { return [] }
    let fallback =
      split == .windows
      ? []
      : [
        "\(path) holds no \(TextDocuments.leastDocumentCount) documents that NUL, <|endoftext|> or empty lines part: "
          + "its last tenth is held out"
      ]
    return fallback + [sortedNotice(text, of: path)].compactMap(\.self)
  }

  private func sortedNotice(_ bytes: [UInt8], of path: String) -> String? {
    guard let text = SortedText(bytes), text.looksSorted else { return nil }
    func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
    return "\(path) looks sorted: of the words in its last tenth, which is held out, "
      + "\(percent(text.newInLastTenth)) are nowhere before it; of pieces from everywhere, "
      + "\(percent(text.newInPieces)). Figures will be too bad: shuffle it, or give --held-out"
      + (split == .lines ? "" : ", or --split lines where each line is a document")
  }

  private func source(_ path: String) throws -> TrainingSource {
    TrainingSource(
      path: path, heldOut: heldOut, split: split, reply: replyBoundary, vocabulary: try tokens.choice() ?? .bytes,
      window: window ?? Self.base.windowTokenCount)
  }

  private var replyBoundary: ReplyBoundary? {
    reply.map {
      $0 == "line" ? .afterFirstLine : .after(mark: $0.replacing("\\n", with: "\n").replacing("\\t", with: "\t"))
    }
  }

  private func trainingSettings(for architecture: Architecture) throws -> TrainingSettings {
    var settings = try TrainingSettings.recipe(named: recipe ?? Self.base.recipe, for: architecture)
    settings.stepCount = steps ?? settings.stepCount
    settings.batchCount = batch ?? settings.batchCount
    settings.windowTokenCount = window ?? settings.windowTokenCount
    settings.segmentationDropout = segmentationDropout
    settings.seed = seed ?? settings.seed
    settings.weights = weights
    settings.twinShare = twin
    if reply != nil {
      settings = settings.learningReplies(promptWeight: promptWeight ?? 0.1)
    } else if promptWeight != nil {
      throw HintedError("--prompt-weight is for --reply", status: .usage)
    }
    settings.evaluationInterval = evaluateEvery ?? settings.evaluationInterval
    settings.patience = patience
    settings.learningRate = learningRate ?? settings.learningRate
    try settings.validate()
    return settings
  }
}

extension TrainingSettings.Weights: ExpressibleByArgument {}

extension TextSplit: ExpressibleByArgument {}
