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
  let prompts: [Prompt]
  /// At least one; prompts of a recipe with several say which of them they are for.
  let teachers: [TeacherAccess]
  let ledger: Ledger
  let options: Teacher.AskOptions
  /// The share of prompts that the teacher may refuse for good.
  let tolerance: Double
  /// Where the recipe says when enough is asked.
  let rounds: AskRounds?

  var isForced: Bool { options.retriesRefused }

  var teacher: TeacherAccess { teachers[0] }

  func inputs(from receipts: [StageName: Receipt]) -> [Artifact] { [] }

  func settings() throws -> [String: String] {
    var settings = [
      "teacher": teacher.profile.name, "model": teacher.profile.model, "endpoint": try teacher.identity(),
      "promptCount": String(prompts.count), "prompts": try ContentID(ofCanonical: prompts.map(\.id)).description,
    ]
    if teachers.count > 1 {
      settings["teachers"] = try CanonicalJSON.text(
        teachers.map { [$0.profile.name, $0.profile.model, try $0.identity()] })
    }
    guard let rounds else { return settings }
    // What curation keeps decides how many prompts are asked.
    settings["target"] = try CanonicalJSON.text(rounds.target)
    settings["curation"] = try CanonicalJSON.text(rounds.curation.receiptSettings)
    return settings
  }

  func perform(inputs: StepInputs, progress: ProgressSink) async throws -> StepOutcome {
    let (outcome, rounds) = try await withTeachers { try await asked(by: $0, progress) }
    try check(outcome, promptCount: rounds?.promptCount ?? prompts.count)
    return StepOutcome(
      outputs: [try Self.artifact(of: outcome.samples)], summary: summary(of: outcome, rounds), cost: outcome.cost,
      figures: [
        "sampleCount": Double(outcome.samples.count), "askedCount": Double(outcome.answeredCount),
        "completionTokenCount": Double(outcome.usage.completionTokenCount),
        "refusedCount": Double(outcome.refused.count), "cutCount": Double(Self.cutCount(outcome.samples)),
        "emptyCount": Double(Self.emptyCount(outcome.samples)), "estimatedCount": Double(outcome.estimatedCount),
      ])
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
    case .refused(let prompt, let refusal):
      progress.say("prompt \(prompt.index), '\(Self.shown(prompt))', is refused: \(refusal.detail)")
    case .retrying(let promptIndex, let attempt, let delay, let detail):
      progress.say(
        "prompt \(promptIndex), attempt \(attempt): \(detail); again in \(ReadableUnits.duration(seconds: delay))")
    }
  }

  private func summary(of outcome: AskOutcome, _ result: AskRounds.Result?) -> String {
    let bytes = outcome.samples.reduce(0) { $0 + $1.text.utf8.count }
    let (cutCount, emptyCount) = (Self.cutCount(outcome.samples), Self.emptyCount(outcome.samples))
    let parts = [
      "\(ReadableUnits.count(outcome.samples.count)) answers, \(ReadableUnits.bytes(bytes))",
      result.flatMap { rounds?.summary(of: $0) },
      "\(outcome.answeredCount) asked, \(outcome.reusedCount) from the ledger",
      outcome.refused.isEmpty ? nil : "\(outcome.refused.count) refused by the teacher",
      cutCount == 0 ? nil : "\(cutCount) cut before their end",
      emptyCount == 0 ? nil : "\(emptyCount) empty",
      ReadableUnits.dollars(outcome.cost)
        + (outcome.estimatedCount == 0 || outcome.cost == 0 ? "" : " (partly estimated: the server counts no tokens)"),
    ]
    return parts.compactMap(\.self).joined(separator: " · ")
  }

  private static func emptyCount(_ samples: [Sample]) -> Int { samples.count(where: \.isBlank) }

  private static func cutCount(_ samples: [Sample]) -> Int {
    samples.count { $0.finishReason != .stop && !$0.isBlank }
  }

  /// The samples as one artifact: they live in the ledger, so only their ids are hashed.
  private static func artifact(of samples: [Sample]) throws -> Artifact {
    Artifact(
      id: try ContentID(ofCanonical: samples.map(\.id)), kind: .samples, path: nil,
      byteCount: samples.reduce(0) { $0 + $1.text.utf8.count })
  }

  /// The stored answers, in prompt order.
  func samples(of artifact: Artifact) async throws -> [Sample] {
    let teachers = try unconnected()
    let samples =
      if let rounds {
        try await rounds.run(prompts) { try await stored($0, teachers) }.samples
      } else {
        try await stored(prompts[...], teachers)
      }
    guard try Self.artifact(of: samples) == artifact else {
      throw HintedError("the ledger's answers are not those that `ask` left", hint: "run `alambic ask` again")
    }
    return samples
  }

  /// The teachers by name, to look up what they were asked.
  func unconnected() throws -> [String: Teacher] {
    try Dictionary(uniqueKeysWithValues: teachers.map { ($0.profile.name, try $0.unconnected()) })
  }

  private func stored(_ prompts: ArraySlice<Prompt>, _ teachers: [String: Teacher]) async throws -> [Sample] {
    let store = LedgerAnswerStore(ledger)
    var samples: [Sample] = []
    for prompt in prompts {
      guard let teacher = teachers[prompt.labels[PromptLabel.teacher] ?? teacher.profile.name] else { continue }
      guard let answer = try await teacher.storedAnswer(to: prompt, in: store) else {
        if try await ledger.refusal(of: try teacher.request(for: prompt).id) != nil { continue }
        throw HintedError("the ledger has no answer to prompt \(prompt.index)", hint: "run `alambic ask` again")
      }
      samples.append(Sample(answer, to: prompt))
    }
    return samples
  }
}
