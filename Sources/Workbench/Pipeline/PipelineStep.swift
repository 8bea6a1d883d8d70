import Basics
import Lineage

/// One arrow of the pipeline, bound to a corpus and a workspace: what it depends on, and how to walk it.
///
/// A step turns receipts into files by calling a stage; it is the only place that knows both.
protocol PipelineStep: Sendable {
  var name: StageName { get }

  /// Does the work even if a receipt says that it was done.
  var isForced: Bool { get }

  /// This step, told of the receipts it builds on; most steps need no more of them than their inputs.
  func building(on receipts: [StageName: Receipt]) -> Self

  /// The artifacts that it reads, out of what earlier steps made.
  func inputs(from receipts: [StageName: Receipt]) throws -> [Artifact]

  /// Everything else that decides its outputs.
  func settings() throws -> [String: String]

  /// Does the work and leaves the files; the pipeline writes the receipt after that.
  func perform(inputs: StepInputs, progress: ProgressSink) async throws -> StepOutcome
}

extension PipelineStep {
  var isForced: Bool { false }

  func building(on receipts: [StageName: Receipt]) -> Self { self }
}

/// What a step left behind.
struct StepOutcome: Sendable {
  var outputs: [Artifact]
  /// What a person reads at the end of the step.
  var summary: String
  /// What a teacher charged, in US dollars.
  var cost: Double = 0
  var figures: [String: Double] = [:]
}

/// Tells how far a step is.
public struct ProgressSink: Sendable {
  var stage: StageName
  var emit: EventSink

  public init(stage: StageName, emit: @escaping EventSink) {
    self.stage = stage
    self.emit = emit
  }

  /// So much of a stage's work is done.
  public func callAsFunction(_ done: Int, of total: Int?, _ unit: String, note: String? = nil) {
    emit(.progress(stage, done: done, total: total, unit: unit, note: note))
  }

  public func say(_ text: String) { emit(.notice(text)) }
}

extension [StageName: Receipt] {
  /// The one output of a kind that an earlier step left.
  func output(_ kind: ArtifactKind, of stage: StageName) throws -> Artifact {
    guard let artifact = self[stage]?.outputs.first(where: { $0.kind == kind }) else {
      throw HintedError("`\(stage.rawValue)` left no \(kind.rawValue)", status: .internalFault)
    }
    return artifact
  }
}
