import Basics
import Export
import Formats
import Lineage

/// Checkpoint to an ATOME01 image.
struct ExportStep: PipelineStep {
  let name = StageName.export
  let output: String
  let workspace: Workspace

  func inputs(from receipts: [StageName: Receipt]) throws -> [Artifact] {
    [try receipts.output(.checkpoint, of: .train)]
  }

  func settings() -> [String: String] { ["format": "ATOME01"] }

  func perform(inputs: StepInputs, progress: ProgressSink) async throws -> StepOutcome {
    try ExportRun(source: try inputs.path(.checkpoint), output: output).run()
    let artifact = try workspace.artifact(.atomeImage, at: output)
    return StepOutcome(
      outputs: [artifact], summary: "\(output), \(ReadableUnits.bytes(artifact.byteCount)) · \(artifact.id.short)")
  }
}
