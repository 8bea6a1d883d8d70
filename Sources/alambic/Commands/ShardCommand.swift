import ArgumentParser
import Lineage
import Workbench

/// `alambic shard`: documents to chunks in compressed shards.
struct ShardCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shard",
    abstract: "Cut documents into 256-byte chunks in seekable zstd shards.",
    discussion: """
      EXAMPLES
        alambic shard thermostat
        zstd -dc .alambic/shards/thermostat/train-00000-of-00001.zst | head -c 256
      """)

  @OptionGroup var argument: CorpusArgument
  @OptionGroup var common: CommonOptions

  func run() async throws { try await common.run(.shard, of: argument.corpus) }
}
