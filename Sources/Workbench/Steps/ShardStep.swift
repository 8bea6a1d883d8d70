import Basics
import Formats
import Lineage
import Sharding

/// Documents to shards of chunks.
struct ShardStep: PipelineStep {
  let name = StageName.shard
  let section: Recipe.Sharding
  let folder: String
  let workspace: Workspace

  private var shardSettings: ShardSettings {
    ShardSettings(
      chunkByteCount: section.chunkByteCount, frameContentByteCount: section.frameByteCount,
      level: section.compressionLevel)
  }

  func inputs(from receipts: [StageName: Receipt]) throws -> [Artifact] {
    [try receipts.output(.documents, of: .curate)]
  }

  func settings() -> [String: String] { shardSettings.receiptSettings }

  func perform(inputs: StepInputs, progress: ProgressSink) async throws -> StepOutcome {
    let reader = try RecordReader<Document>(try inputs.path(.documents))
    var builder = try ShardBuilder(settings: shardSettings, folder: folder)
    var documentCount = 0
    while let document = try reader.next() {
      try builder.append(document)
      documentCount += 1
      if documentCount.isMultiple(of: 256) { progress(documentCount, of: nil, "documents") }
    }
    let index = try builder.finish()
    return StepOutcome(
      outputs: try outputs(of: index), summary: index.summary,
      figures: [
        "trainChunkCount": Double(index.train.chunkCount), "heldOutChunkCount": Double(index.heldOut.chunkCount),
      ])
  }

  private func outputs(of index: ShardIndex) throws -> [Artifact] {
    let shards = Split.allCases.flatMap { index[$0].shards.map(\.fileName) }
    let tables = Split.allCases.map { index[$0].documentTable.fileName }
    let files = [ShardIndex.fileName] + shards + tables
    return try files.map { try workspace.artifact(.shards, at: "\(folder)/\($0)") }
  }
}

extension ShardIndex {
  /// `4,096 chunks of 256 bytes · 1.0 MiB in 320.0 KiB`
  public var summary: String {
    let content = train.contentByteCount + heldOut.contentByteCount
    let packed = Split.allCases.flatMap { self[$0].shards }.reduce(0) { $0 + $1.byteCount }
    return "\(ReadableUnits.count(train.chunkCount + heldOut.chunkCount)) chunks of \(chunkByteCount) bytes · "
      + "\(ReadableUnits.bytes(content)) in \(ReadableUnits.bytes(packed))"
  }
}
