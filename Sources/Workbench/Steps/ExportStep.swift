import Basics
import Export
import Formats
import Lineage
import Networks
import Vocabularies

/// Checkpoint to an image: ATOME01, or a compact student's ATOMEQ02, whose units are chosen on held-out documents.
struct ExportStep: PipelineStep {
  let name = StageName.export
  let isCompact: Bool
  let output: String
  let workspace: Workspace

  func inputs(from receipts: [StageName: Receipt]) throws -> [Artifact] {
    [try receipts.output(.checkpoint, of: .train)]
      + (isCompact ? [try receipts.output(.documents, of: .curate)] : [])
  }

  func settings() -> [String: String] {
    isCompact ? ["format": "ATOMEQ02", "units": "searched by loss"] : ["format": "ATOME01"]
  }

  func perform(inputs: StepInputs, progress: ProgressSink) async throws -> StepOutcome {
    if isCompact {
      try pack(inputs)
    } else {
      try ExportRun(source: try inputs.path(.checkpoint), output: output).run()
    }
    let artifact = try workspace.artifact(.atomeImage, at: output)
    return StepOutcome(
      outputs: [artifact], summary: "\(output), \(ReadableUnits.bytes(artifact.byteCount)) · \(artifact.id.short)")
  }

  /// Documents are what the student meets: each from its beginning, from an empty state.
  private func pack(_ inputs: StepInputs) throws {
    let path = try inputs.path(.checkpoint)
    let bytes = try AtomicFile.read(path)
    let checkpoint = try TrainingCheckpoint<CompactShape>(decoding: bytes, name: path)
    let encoder = TokenEncoder(checkpoint.vocabulary)
    let texts = try inputs.documents().filter { $0.split == .heldOut }.map {
      encoder.encode(Array($0.text.utf8) + [Document.separatorByte])
    }
    let image = try CompactPacker().pack(checkpoint, checkpointID: ContentID(of: bytes), calibratedOn: texts)
    try AtomicFile.write(image, to: output)
  }
}
