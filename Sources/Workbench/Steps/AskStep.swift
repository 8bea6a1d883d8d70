import Basics
import Curation
import Foundation
import Ledger
import Lineage
import Synchronization
import Teachers

/// Prompts to samples: asks whatever the ledger has no answer to.
struct AskStep: PipelineStep, SampleSource {
  let name = StageName.ask
  var prompts: PromptStream
  /// At least one; prompts of a recipe with several say which of them they are for.
  let teachers: [TeacherAccess]
  let ledger: Ledger
  let options: Teacher.AskOptions
  /// The share of prompts that the teacher may refuse for good.
  let tolerance: Double
  /// Where the recipe says when enough is asked.
  let rounds: AskRounds?
  /// What answers in JSON must be, and the text that is made of one.
  var format: AnswerFormat?
  /// How answers fall into texts, whose diversity is watched; nil for nobody who watches.
  var boundary: DocumentBoundary?
  /// How answers are curated, for a preview of what the judge is asked.
  var curation: CurationSettings?
  /// Asked about documents before they count towards a target; nil where the recipe has none.
  var judge: DocumentJudge?
  /// Asked by `curate` about requests, which a preview tells; nil where the recipe has none.
  var rewriter: RequestRewriter?
  /// What parts brought that were merged into the ledger: nothing is sent then; nil where this asks itself.
  var merged: Parts?

  /// The parts of other machines.
  struct Parts: Hashable, Sendable {
    var count: Int
    /// US dollars.
    var cost: Double
    var possibleCost: Double
  }

  var isForced: Bool { options.retriesRefused || options.forgetsBatches }

  var teacher: TeacherAccess { teachers[0] }

  /// How texts are made of answers, as one line; nil where they are the answers.
  var shape: String? {
    if options.keepsPrompt { return "with their prompts" }
    return format.flatMap { try? CanonicalJSON.text($0) }
  }

  func inputs(from receipts: [StageName: Receipt]) -> [Artifact] { [] }

  func settings() throws -> [String: String] {
    var ids = ContentIDListHasher()
    var cursor = prompts.cursor()
    while let prompt = try cursor.take(1).first { ids.append(prompt.id) }
    var settings = [
      "teacher": teacher.profile.name, "model": teacher.profile.model, "endpoint": try teacher.identity(),
      "promptCount": String(prompts.count), "prompts": ids.id.description,
    ]
    if options.keepsPrompt { settings["keepPrompt"] = "true" }
    if let format { settings["json"] = try CanonicalJSON.text(format) }
    if teachers.count > 1 {
      settings["teachers"] = try CanonicalJSON.text(
        teachers.map { [$0.profile.name, $0.profile.model, try $0.identity()] })
    }
    guard let rounds else { return settings }
    // What curation keeps decides how many prompts are asked.
    settings["target"] = try CanonicalJSON.text(rounds.target)
    settings["curation"] = try CanonicalJSON.text(rounds.curation.receiptSettings)
    return settings.merging(try judge?.settings() ?? [:]) { own, _ in own }
      .merging(try rounds.decisions.receiptSettings) { $1 }.merging(try rounds.removals.receiptSettings) { $1 }
  }

  func perform(inputs: StepInputs, progress: ProgressSink) async throws -> StepOutcome {
    var (outcome, samples, rounds, judgeCost) = try await askedOrMerged(progress)
    outcome.cost += merged?.cost ?? 0
    outcome.possibleCost += merged?.possibleCost ?? 0
    try check(outcome, promptCount: rounds?.promptCount ?? prompts.count)
    return StepOutcome(
      outputs: [samples.artifact], summary: summary(of: outcome, samples, rounds), cost: outcome.cost + judgeCost,
      figures: [
        "sampleCount": Double(samples.count), "askedCount": Double(outcome.answeredCount),
        "completionTokenCount": Double(outcome.usage.completionTokenCount),
        "refusedCount": Double(outcome.refused.count), "cutCount": Double(samples.cutCount),
        "emptyCount": Double(samples.emptyCount), "estimatedCount": Double(outcome.estimatedCount),
      ])
  }

  private func askedOrMerged(_ progress: ProgressSink) async throws -> Asked {
    guard merged != nil else {
      progress(0, of: rounds == nil ? prompts.count : nil, "answers", note: "waiting for the first")
      return try await withTeachers { try await asked(by: $0, progress) }
    }
    let teachers = try unconnected()
    for (name, share) in try shares(of: prompts) {
      let openCount = try await teachers[name]?.estimate(share, store: LedgerAnswerStore(ledger)).requestCount ?? 0
      guard openCount == 0 else {
        throw HintedError("\(openCount) prompts have no answer in any part", status: .internalFault)
      }
    }
    return try await asked(by: teachers, progress)
  }

  /// A few prompts that the teacher refuses for good do not keep a corpus from being made; more do.
  private func check(_ outcome: AskOutcome, promptCount: Int) throws {
    guard let first = outcome.refused.first, Double(outcome.refused.count) > tolerance * Double(promptCount) else {
      return
    }
    let share = "\((1000 * tolerance).rounded() / 10) %"
    throw HintedError(
      "the teacher refused \(outcome.refused.count) of \(promptCount) prompts for good, more than the tolerance of "
        + "\(share); prompt \(first.prompt.index), '\(Self.shown(first.prompt))': \(first.refusal.detail)",
      hint: "all answers are stored; change what these prompts ask, try them again with --retry-refused, or raise "
        + "prompting.tolerance in the recipe", status: .unavailable)
  }

  /// A prompt in a message: its question, on one line.
  private static func shown(_ prompt: Prompt) -> String {
    let words = (prompt.messages.last?.content ?? "").split(whereSeparator: \.isWhitespace)
    return String(words.joined(separator: " ").prefix(80))
  }

  func report(_ event: AskEvent, _ tally: borrowing Mutex<(done: Int, cost: Double)>, _ progress: ProgressSink) {
    switch event {
    case .reused, .answered:
      let (done, cost) = tally.withLock { state in
        state.done += 1
        if case .answered(_, let cost) = event { state.cost += cost }
        return state
      }
      progress(done, of: rounds == nil ? prompts.count : nil, "answers", note: "\(ReadableUnits.dollars(cost)) so far")
    case .waiting(let count):
      progress.say("\(count) requests are under way in another process; waiting for what comes of them")
    case .batch(let id, let moment): report(id, moment, progress)
    case .refused(let prompt, let refusal):
      progress.say("prompt \(prompt.index), '\(Self.shown(prompt))', is refused: \(refusal.detail)")
    case .retrying(let promptIndex, let attempt, let delay, let detail):
      progress.say(
        "prompt \(promptIndex), attempt \(attempt): \(detail); again in \(ReadableUnits.duration(seconds: delay))")
    }
  }

  private func report(_ id: String, _ moment: BatchMoment, _ progress: ProgressSink) {
    switch moment {
    case .submitted(let count, let cost):
      progress.say(
        "batch \(id): \(ReadableUnits.count(count)) requests handed in, at most \(ReadableUnits.dollars(cost)); an "
          + "interrupted run goes on with it")
    case .found(let count):
      progress.say("batch \(id): \(ReadableUnits.count(count)) requests of an earlier run; waiting for their answers")
    case .working(let doneCount, let count): progress(doneCount, of: count, "requests of batch \(id)")
    case .ended(let answeredCount, let failedCount):
      progress.say(
        "batch \(id): ended with \(ReadableUnits.count(answeredCount)) answers"
          + (failedCount == 0 ? "" : ", \(ReadableUnits.count(failedCount)) failed"))
    }
  }

  private func summary(of outcome: AskOutcome, _ samples: SampleTally, _ result: AskRounds.Result?) -> String {
    let parts = [
      "\(ReadableUnits.count(samples.count)) answers, \(ReadableUnits.bytes(samples.byteCount))",
      result.flatMap { rounds?.summary(of: $0) },
      merged.map { "of \(ReadableUnits.count($0.count)) part\($0.count == 1 ? "" : "s")" }
        ?? "\(outcome.answeredCount) asked, \(outcome.reusedCount) from the ledger",
      outcome.refused.isEmpty ? nil : "\(outcome.refused.count) refused by the teacher",
      samples.cutCount == 0 ? nil : "\(samples.cutCount) cut before their end",
      samples.emptyCount == 0 ? nil : "\(samples.emptyCount) empty",
      outcome.repairedCount == 0 ? nil : "\(outcome.repairedCount) with half a character, now U+FFFD",
      ReadableUnits.dollars(outcome.cost)
        + (outcome.estimatedCount == 0 || outcome.cost == 0 ? "" : " (partly estimated: the server counts no tokens)"),
      outcome.possibleCost == 0
        ? nil
        : "up to \(ReadableUnits.dollars(outcome.possibleCost)) more for attempts that brought no response",
    ]
    return parts.compactMap(\.self).joined(separator: " · ")
  }

  /// Of samples that are held.
  func tally(of samples: [Sample]) -> SampleTally {
    var tally = SampleTally(shape: shape)
    for sample in samples { tally.add(sample) }
    return tally
  }

  /// The stored answers, in prompt order.
  func samples(of artifact: Artifact) async throws -> [Sample] {
    let teachers = try unconnected()
    var samples: [Sample] = []
    if let rounds {
      samples = try await rounds.run(prompts) { curation in
        try await judge?.judgedBefore(curation) ?? curation
      } ask: { round, _ in
        try await stored(PromptStream(round), teachers)
      }.samples
    } else {
      samples = try await stored(prompts, teachers)
    }
    guard tally(of: samples).artifact == artifact else {
      throw HintedError("the ledger's answers are not those that `ask` left", hint: "run `alambic ask` again")
    }
    return samples
  }

  /// The teachers by name, to look up what they were asked.
  func unconnected() throws -> [String: Teacher] {
    try Dictionary(uniqueKeysWithValues: teachers.map { ($0.profile.name, try $0.unconnected()) })
  }

  func stored(_ prompts: PromptStream, _ teachers: [String: Teacher]) async throws -> [Sample] {
    var samples: [Sample] = []
    try await forEachSample(of: prompts, teachers) { samples.append($0) }
    return samples
  }
}
