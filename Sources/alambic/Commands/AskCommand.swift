import ArgumentParser
import Basics
import Console
import Lineage
import Workbench

/// `alambic ask`: prompts to samples.
struct AskCommand: AsyncParsableCommand, Resumable {
  static let configuration = CommandConfiguration(
    commandName: "ask",
    abstract: "Put a corpus's prompts to its teacher, and keep every answer.",
    discussion: """
      Every request and answer is in the ledger before it is used: after a kill, the same
      command asks only for what is missing.

      EXAMPLES
        alambic ask thermostat --dry-run
        alambic ask helper --batch --spend-max 5
        alambic ask helper --part 3/16 --spend-max 80
        alambic ask tinystories --from TinyStoriesV2-GPT4-valid.txt
      """.paragraphs)

  @OptionGroup var argument: CorpusArgument
  @OptionGroup var asking: AskOptions
  @OptionGroup var parts: PartOptions
  @Flag(help: "Send nothing; say how many requests, tokens and dollars it would take.")
  var dryRun = false
  @OptionGroup var common: CommonOptions

  func run() async throws {
    if let part = try parts.resolve() {
      try await ask(part)
    } else if dryRun {
      try await preview()
    } else {
      try await common.run(.ask, of: argument.corpus, options: asking.options)
    }
  }

  private func ask(_ part: Part) async throws {
    guard !dryRun else {
      throw HintedError("--dry-run is for all parts together", hint: "leave --part out", status: .usage)
    }
    var options = asking.options
    options.sharingCount = try parts.sharingCount(of: part)
    let renderer = EventRenderer(common)
    let run = try PartRun(part, of: argument.corpus, workspace: common.place, options: options) { renderer.show($0) }
    let (manifest, isNew) = try await run.ask()
    if common.json { return try Output.json(manifest) }
    if !isNew { common.printer.say("part \(part) is complete since attempt \(manifest.attempt)") }
  }

  private struct Answer: Encodable {
    var schema = "alambic.ask-preview/1"
    var preview: AskPreview
  }

  private func preview() async throws {
    let preview = try await common.lookingAhead().estimate(argument.corpus, options: asking.options)
    if common.json { return try Output.json(Answer(preview: preview)) }
    Output.text(
      """
      teacher    \(preview.teacher), model \(preview.model)
      requests   \(ReadableUnits.count(preview.requestCount)) to send, \
      \(ReadableUnits.count(preview.answeredCount)) answered \
      already\(refused(preview))\(batched(preview))\(until(preview))
      tokens     about \(ReadableUnits.count(preview.promptTokenCount)) in, \
      at most \(ReadableUnits.count(preview.maximumCompletionTokenCount)) out
      cost       at most \(ReadableUnits.dollars(preview.maximumCost))\(judged(preview))

      The first prompt:
      """)
    for message in preview.firstPrompt { Output.text("  [\(message.role.rawValue)] \(message.content)") }
  }
}

private func batched(_ preview: AskPreview) -> String {
  preview.batchedCount == 0 ? "" : "; \(ReadableUnits.count(preview.batchedCount)) of them in batches under way"
}

private func until(_ preview: AskPreview) -> String {
  preview.targetDocumentCount.map { "\nuntil      \(ReadableUnits.count($0)) documents are kept, or fewer are new" }
    ?? ""
}

private func judged(_ preview: AskPreview) -> String {
  second("judge", preview.judge, "documents to judge") + second("rewriter", preview.rewriter, "requests in other words")
}

private func second(_ role: String, _ teacher: AskPreview.SecondTeacher?, _ work: String) -> String {
  teacher.map {
    "\n\(role + String(repeating: " ", count: 11 - role.count))\($0.teacher), model \($0.model): about "
      + "\(ReadableUnits.count($0.requestCount)) \(work), at most \(ReadableUnits.dollars($0.maximumCost)) more"
  } ?? ""
}

private func refused(_ preview: AskPreview) -> String {
  preview.refusedCount == 0 ? "" : ", \(ReadableUnits.count(preview.refusedCount)) refused by the teacher"
}

enum Spending {
  /// - Throws: `ValidationError` for a limit that limits nothing.
  static func check(_ spendMax: Double?) throws {
    guard let spendMax, !(spendMax.isFinite && spendMax > 0) else { return }
    throw ValidationError("--spend-max is \(spendMax); it is a number of dollars above 0")
  }
}

/// Options of commands that may ask a teacher.
struct AskOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Stop before this run could cost more.", valueName: "dollars"))
  var spendMax: Double?
  @Option(help: ArgumentHelp("Ask here instead of the profile's address.", valueName: "url"))
  var endpoint: String?
  @Flag(help: "Ask the prompts again that the teacher refused for good.")
  var retryRefused = false
  @Flag(help: "Go on even where the first 20 answers are of no use, or all the same.")
  var unchecked = false
  @Flag(help: "Hand requests in as batches, for half the price: answers come within a day.")
  var batch = false
  @Flag(help: "Give up batches that are under way, and what they cost.")
  var forgetBatches = false
  @Option(
    name: .customLong("from"),
    help: ArgumentHelp("Take a local file instead of fetching the recipe's source.", valueName: "file"),
    completion: .file())
  var localFile: String?

  func validate() throws { try Spending.check(spendMax) }

  /// These options as words, for another process that asks.
  var arguments: [String] {
    var words: [String] = []
    if let spendMax { words += ["--spend-max", String(spendMax)] }
    if let endpoint { words += ["--endpoint", endpoint] }
    if retryRefused { words.append("--retry-refused") }
    if unchecked { words.append("--unchecked") }
    return words
  }

  var options: Pipeline.Options {
    var options = Pipeline.Options(spendMaximum: spendMax, endpoint: endpoint, localFile: localFile)
    options.retriesRefused = retryRefused
    options.isUnchecked = unchecked
    (options.batches, options.forgetsBatches) = (batch, forgetBatches)
    return options
  }
}
