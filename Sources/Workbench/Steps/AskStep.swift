import Basics
import Foundation
import Ledger
import Lineage
import Synchronization
import Teachers

/// Prompts to samples: asks whatever the ledger has no answer to.
struct AskStep: PipelineStep, SampleSource {
  let name = StageName.ask
  let prompts: PromptStream
  let teacher: TeacherAccess
  let ledger: Ledger
  let options: Teacher.AskOptions
  /// The share of prompts that the teacher may refuse for good.
  let tolerance: Double

  var isForced: Bool { options.retriesRefused }

  func inputs(from receipts: [StageName: Receipt]) -> [Artifact] { [] }

  func settings() throws -> [String: String] {
    var ids = ContentIDListHasher()
    var cursor = prompts.cursor()
    while case let some = try cursor.take(PromptStream.portion), !some.isEmpty { for prompt in some { ids.append(prompt.id) } }
    var settings = [
      "teacher": teacher.profile.name, "model": teacher.profile.model, "endpoint": try teacher.identity(),
      "promptCount": String(prompts.count), "prompts": ids.id.description,
    ]
    if options.keepsPrompt { settings["keepPrompt"] = "true" }
    return settings
  }

  func perform(inputs: StepInputs, progress: ProgressSink) async throws -> StepOutcome {
    let store = LedgerAnswerStore(ledger)
    let (outcome, samples) = try await teacher.withTeacher { teacher in
      let tally = Mutex((done: 0, cost: 0.0))
      let outcome = try await teacher.ask(prompts, store: store, options: options) { event in
        report(event, tally, progress)
      }
      var samples = SampleTally(keepsPrompt: options.keepsPrompt)
      try await teacher.forEachSample(of: prompts, in: store, keepsPrompt: options.keepsPrompt) { samples.add($0) }
      return (outcome, samples)
    }
    try check(outcome)
    return StepOutcome(
      outputs: [samples.artifact], summary: summary(of: outcome, samples), cost: outcome.cost,
      figures: [
        "sampleCount": Double(samples.count), "askedCount": Double(outcome.answeredCount),
        "completionTokenCount": Double(outcome.usage.completionTokenCount),
        "refusedCount": Double(outcome.refused.count), "cutCount": Double(samples.cutCount),
        "emptyCount": Double(samples.emptyCount), "estimatedCount": Double(outcome.estimatedCount),
      ])
  }

  /// A few prompts that the teacher refuses for good do not keep a corpus from being made; more do.
  private func check(_ outcome: AskOutcome) throws {
    guard let first = outcome.refused.first, Double(outcome.refused.count) > tolerance * Double(prompts.count) else {
      return
    }
    let share = "\((1000 * tolerance).rounded() / 10) %"
    throw HintedError(
      "the teacher refused \(outcome.refused.count) of \(prompts.count) prompts for good, more than the tolerance of "
        + "\(share); prompt \(first.prompt.index), '\(Self.shown(first.prompt))': \(first.refusal.detail)",
      hint: "all answers are stored; change what these prompts ask, try them again with --retry-refused, or raise "
        + "prompting.tolerance in the recipe", status: .unavailable)
  }

  /// A prompt in a message: its question, on one line.
  private static func shown(_ prompt: Prompt) -> String {
    let words = (prompt.messages.last?.content ?? "").split(whereSeparator: \.isWhitespace)
    return String(words.joined(separator: " ").prefix(80))
  }

  private func report(_ event: AskEvent, _ tally: borrowing Mutex<(done: Int, cost: Double)>, _ progress: ProgressSink)
  {
    switch event {
    case .reused, .answered:
      let (done, cost) = tally.withLock { state in
        state.done += 1
        if case .answered(_, let cost) = event { state.cost += cost }
        return state
      }
      progress(done, of: prompts.count, "answers", note: "\(ReadableUnits.dollars(cost)) so far")
    case .waiting(let count):
      progress.say("\(count) requests are under way in another process; waiting for what comes of them")
    case .refused(let prompt, let refusal):
      progress.say("prompt \(prompt.index), '\(Self.shown(prompt))', is refused: \(refusal.detail)")
    case .retrying(let promptIndex, let attempt, let delay, let detail):
      progress.say(
        "prompt \(promptIndex), attempt \(attempt): \(detail); again in \(ReadableUnits.duration(seconds: delay))")
    }
  }

  private func summary(of outcome: AskOutcome, _ samples: SampleTally) -> String {
    let parts = [
      "\(ReadableUnits.count(samples.count)) answers, \(ReadableUnits.bytes(samples.byteCount))",
      "\(outcome.answeredCount) asked, \(outcome.reusedCount) from the ledger",
      outcome.refused.isEmpty ? nil : "\(outcome.refused.count) refused by the teacher",
      samples.cutCount == 0 ? nil : "\(samples.cutCount) cut before their end",
      samples.emptyCount == 0 ? nil : "\(samples.emptyCount) empty",
      ReadableUnits.dollars(outcome.cost)
        + (outcome.estimatedCount == 0 || outcome.cost == 0 ? "" : " (partly estimated: the server counts no tokens)"),
      outcome.possibleCost == 0
        ? nil
        : "up to \(ReadableUnits.dollars(outcome.possibleCost)) more for attempts that brought no response",
    ]
    return parts.compactMap(\.self).joined(separator: " · ")
  }

  /// The stored answers, in prompt order.
  func samples(of artifact: Artifact) async throws -> [Sample] {
    var (samples, tally) = ([Sample](), SampleTally(keepsPrompt: options.keepsPrompt))
    try await teacher.unconnected().forEachSample(
      of: prompts, in: LedgerAnswerStore(ledger), keepsPrompt: options.keepsPrompt
    ) { sample in
      samples.append(sample)
      tally.add(sample)
    }
    guard tally.artifact == artifact else {
      throw HintedError("the ledger's answers are not those that `ask` left", hint: "run `alambic ask` again")
    }
    return samples
  }
}

/// All samples of an `ask`, counted one by one: they live in the ledger.
private struct SampleTally {
  private(set) var count = 0
  private(set) var byteCount = 0
  /// Answers that did not end by themselves, and those without a text.
  private(set) var cutCount = 0
  private(set) var emptyCount = 0
  private var ids = ContentIDListHasher()

  /// - Parameter keepsPrompt: makes other texts of the same answers, so another artifact.
  init(keepsPrompt: Bool) {
    if keepsPrompt { ids.append(ContentID(of: "with their prompts")) }
  }

  mutating func add(_ sample: Sample) {
    count += 1
    byteCount += sample.text.utf8.count
    if sample.isBlank {
      emptyCount += 1
    } else if sample.finishReason != .stop {
      cutCount += 1
    }
    ids.append(sample.id)
  }

  /// The samples as one artifact: only their ids are hashed.
  var artifact: Artifact { Artifact(id: ids.id, kind: .samples, path: nil, byteCount: byteCount) }
}
