import ArgumentParser
import Basics
import Formats
import Foundation
import Lineage
import Workbench

/// `alambic corpus chunks`.
struct CorpusChunksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chunks", abstract: "Write the bytes of a corpus's chunks, in order or shuffled.",
    discussion: """
      For training code in any language: chunks of 256 bytes, one behind the other, on standard
      output. --shuffle gives an order that is the same on every machine and resumes anywhere with
      --from; another --epoch is another order.

      EXAMPLES
        alambic corpus chunks thermostat | head -c 256
        alambic corpus chunks thermostat --shuffle 0 --epoch 2 --from 4096 | python3 train.py
        alambic corpus chunks curated/shards --split held-out > held-out.bytes
      """.paragraphs)
  @Argument(
    help: ArgumentHelp("A corpus that was sharded, or the path of a folder of shards.", valueName: "corpus"))
  var corpus: String
  @Option(help: "train or held-out.")
  var split = Split.train
  @Option(help: ArgumentHelp("Shuffle, by this seed.", valueName: "seed"))
  var shuffle: UInt64?
  @Option(help: ArgumentHelp("Which pass, with --shuffle.", valueName: "number"))
  var epoch: UInt64 = 0
  @Option(help: ArgumentHelp("Chunks of the order to pass over.", valueName: "count"))
  var from = 0
  @Option(help: ArgumentHelp("Chunks to write (default: all that follow).", valueName: "count"))
  var count: Int?
  @Flag(help: "Write the chunks' numbers, a line each, instead of their bytes.")
  var numbers = false
  @OptionGroup var common: CommonOptions

  func run() throws {
    let reader = try ShardReader(folder: common.place.shardFolder(named: corpus))
    let positions = try positions(of: reader.index[split].chunkCount)
    var output = ChunkOutput()
    if let shuffle {
      try reader.forEachChunk(
        in: split, reader.order(of: split, seed: shuffle, epoch: epoch), positions: positions
      ) { number, bytes in try numbers ? output.write(number) : output.write(bytes) }
    } else {
      for number in positions {
        if numbers { try output.write(number) } else { try output.write(try reader.chunk(at: number, in: split)) }
      }
    }
    try output.flush()
  }

  private func positions(of chunkCount: Int) throws -> Range<Int> {
    guard 0...chunkCount ~= from else {
      throw HintedError("--from \(from) is not between 0 and the \(chunkCount) chunks", status: .usage)
    }
    guard count.map({ $0 >= 0 }) ?? true else {
      throw HintedError("--count \(count ?? 0) is less than 0", status: .usage)
    }
    return from..<(count.map { $0 > chunkCount - from ? chunkCount : from + $0 } ?? chunkCount)
  }
}

/// Standard output, a megabyte at a time.
private struct ChunkOutput {
  private var buffer: [UInt8] = []

  mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
    buffer.append(contentsOf: bytes)
    if buffer.count >= 1 << 20 { try flush() }
  }

  mutating func write(_ chunk: Chunk) throws { try chunk.bytes.withUnsafeBytes { try write($0) } }

  mutating func write(_ number: Int) throws { try Array("\(number)\n".utf8).withUnsafeBytes { try write($0) } }

  mutating func flush() throws {
    try buffer.withUnsafeBytes { try AtomicFile.writeAll($0, to: STDOUT_FILENO, "standard output") }
    buffer.removeAll(keepingCapacity: true)
  }
}
