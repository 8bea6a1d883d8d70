import Basics
import Foundation
import Ledger
import Lineage
import Synchronization
import Teachers

/// Prompts to samples: asks whatever the ledger has no answer to.
struct AskStep: PipelineStep, SampleSource {
  let name = StageName.ask
  let prompts: [Prompt]
  let teacher: TeacherAccess
  let ledger: Ledger
  /// US dollars that this run may cost; nil for no limit.
  let spendMaximum: Double?

  func inputs(from receipts: [StageName: Receipt]) -> [Artifact] { [] }

  func settings() throws -> [String: String] {
    [
      "teacher": teacher.profile.name, "model": teacher.profile.model, "endpoint": try teacher.identity(),
      "promptCount": String(prompts.count), "prompts": try ContentID(ofCanonical: prompts.map(\.id)).description,
    ]
  }

  func perform(inputs: StepInputs, progress: ProgressSink) async throws -> StepOutcome {
    let outcome = try await teacher.withTeacher { teacher in
      let tally = Mutex((done: 0, cost: 0.0))
      return try await teacher.ask(prompts, store: LedgerAnswerStore(ledger), spendMaximum: spendMaximum) { event in
        report(event, tally, progress)
      }
    }
    return StepOutcome(
      outputs: [try Self.artifact(of: outcome.samples)], summary: summary(of: outcome), cost: outcome.cost,
      figures: [
        "sampleCount": Double(outcome.samples.count), "askedCount": Double(outcome.answeredCount),
        "completionTokenCount": Double(outcome.usage.completionTokenCount),
      ])
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
    case .retrying(let promptIndex, let attempt, let delay, let detail):
      progress.say(
        "prompt \(promptIndex), attempt \(attempt): \(detail); again in \(ReadableUnits.duration(seconds: delay))")
    }
  }

  private func summary(of outcome: AskOutcome) -> String {
    let bytes = outcome.samples.reduce(0) { $0 + $1.text.utf8.count }
    return "\(ReadableUnits.count(outcome.samples.count)) answers, \(ReadableUnits.bytes(bytes)) · "
      + "\(outcome.answeredCount) asked, \(outcome.reusedCount) from the ledger · "
      + ReadableUnits.dollars(outcome.cost)
  }

  /// The samples as one artifact: they live in the ledger, so only their ids are hashed.
  private static func artifact(of samples: [Sample]) throws -> Artifact {
    Artifact(
      id: try ContentID(ofCanonical: samples.map(\.id)), kind: .samples, path: nil,
      byteCount: samples.reduce(0) { $0 + $1.text.utf8.count })
  }

  /// The stored answers, in prompt order.
  func samples(of artifact: Artifact) async throws -> [Sample] {
    let teacher = try teacher.unconnected()
    var samples: [Sample] = []
    for prompt in prompts {
      guard let answer = try await ledger.answer(for: try teacher.request(for: prompt).id) else {
        throw HintedError("the ledger has no answer to prompt \(prompt.index)", hint: "run `alambic ask` again")
      }
      samples.append(Sample(answer, to: prompt))
    }
    guard try Self.artifact(of: samples) == artifact else {
      throw HintedError("the ledger's answers are not those that `ask` left", hint: "run `alambic ask` again")
    }
    return samples
  }
}
