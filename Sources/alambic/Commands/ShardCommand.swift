import ArgumentParser
import Basics
import Console
import Curation
import Formats
import Foundation
import Lineage
import Sharding
import Workbench

/// `alambic shard`: documents to chunks in compressed shards.
struct ShardCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shard",
    abstract: "Cut documents into 256-byte chunks in seekable zstd shards.",
    discussion: """
      A corpus's documents, or with --input those that `curate --input` left: JSON lines with
      `text`, `split` and `repeats`.

      EXAMPLES
        alambic shard thermostat
        alambic shard --input curated/documents.jsonl --output shards
        alambic train --data shards --preset atome-21kb --out stories.checkpoint
        zstd -dc shards/train-00000-of-00001.zst | head -c 256
      """.paragraphs)

  @Argument(help: ArgumentHelp("A corpus; leave it out with --input.", valueName: "corpus"))
  var corpus: String?
  @Option(
    help: ArgumentHelp("Documents as `curate --input` leaves them; - for standard input.", valueName: "file"),
    completion: .file())
  var input: String?
  @Option(
    help: ArgumentHelp("The folder for the shards, with --input.", valueName: "folder"), completion: .directory)
  var output: String?
  @Option(help: ArgumentHelp("zstd's level, 1 to 19 (default: 10).", valueName: "number"))
  var level: Int?
  @OptionGroup var common: CommonOptions

  func run() async throws {
    switch (corpus, input) {
    case (let corpus?, nil):
      guard output == nil, level == nil else {
        throw HintedError(
          "--output and --level are for --input; \(corpus) is sharded as its recipe says",
          hint: "change `sharding:` in the corpus's recipe.yaml", status: .usage)
      }
      try await common.run(.shard, of: corpus)
    case (nil, let input?): try shard(input)
    default:
      throw HintedError(
        "shard needs either a corpus or --input", hint: "for example `alambic shard thermostat`", status: .usage)
    }
  }

  private func shard(_ input: String) throws {
    guard let output else {
      throw HintedError("--input needs a place for the shards", hint: "add --output FOLDER", status: .usage)
    }
    var settings = ShardSettings()
    settings.level = level ?? settings.level
    let renderer = EventRenderer(common)
    renderer.show(.started(.shard))
    let started = Date()
    let documents = try DocumentFile(input)
    var builder = try ShardBuilder(settings: settings, folder: output)
    var count = 0
    while let rows = try documents.next() {
      for row in rows { try builder.append(text: row.text, split: row.split, repeats: row.repeats) }
      count += rows.count
      renderer.show(.progress(.shard, done: count, total: nil, unit: "documents", note: nil))
    }
    guard count > 0 else { throw HintedError("\(input) holds no document") }
    let index = try builder.finish()
    renderer.show(.finished(.shard, summary: index.summary, seconds: Date().timeIntervalSince(started)))
    if common.json { try Output.json(index) }
  }
}
