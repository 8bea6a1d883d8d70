import ArgumentParser
import Basics
import Curation
import Formats
import Foundation
import Intake
import Lineage
import Workbench

/// `alambic corpus check`.
struct CorpusCheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check every byte of a corpus's shards, or a proof that its split leaks nothing.",
    discussion: """
      With --salvage, what is left of damaged shards is written as JSON lines: all documents but
      those that had bytes in a frame that is lost. Neither the index nor the tables are needed.
      Ends with status 1 where something is lost.

      With --proof, what `curate --input --proof` wrote: hashes of the documents and of both sides,
      and that no text lies on both, nor two that are nearly the same, nor one that shares words
      with what --against named. Ends with status 1, and the pair, where that is not so.

      EXAMPLES
        alambic corpus check thermostat
        alambic corpus check curated/shards --quiet
        alambic corpus check thermostat --salvage saved.jsonl
        alambic corpus check --proof curated/proof.json
      """.paragraphs)
  @Argument(
    help: ArgumentHelp(
      "A corpus that was sharded, or the path of a folder of shards; leave it out with --proof.", valueName: "corpus"))
  var corpus: String?
  @Option(help: ArgumentHelp("Write the documents that can still be read.", valueName: "file"), completion: .file())
  var salvage: String?
  @Option(help: ArgumentHelp("A proof; the documents lie beside it.", valueName: "file"), completion: .file())
  var proof: String?
  @OptionGroup var common: CommonOptions

  func run() async throws {
    switch (corpus, proof) {
    case (.some(let corpus), nil): try checkShards(of: corpus)
    case (nil, .some(let proof)) where salvage == nil: try await check(proof)
    default:
      throw HintedError(
        "check takes a corpus, or --proof", hint: "alambic corpus check --help has examples", status: .usage)
    }
  }

  private func check(_ proof: String) async throws {
    let check = try await ProofCheck(of: proof, threadCount: ProcessInfo.processInfo.activeProcessorCount)
    if common.json {
      try Output.json(check)
    } else {
      Output.text(ProofText.text(check))
    }
    guard check.faults.isEmpty else { throw ExitCode(ExitStatus.answerIsNo.rawValue) }
  }

  private func checkShards(of corpus: String) throws {
    let folder = try common.place.shardFolder(named: corpus)
    if let salvage { return try save(folder, to: salvage) }
    let reader = try ShardReader(folder: folder)
    try reader.verify()
    let chunkCount = Split.allCases.reduce(0) { $0 + reader.index[$1].chunkCount }
    if !common.quiet { Output.text("\(ReadableUnits.count(chunkCount)) chunks, all as the index says") }
  }

  private func save(_ folder: String, to path: String) throws {
    let file = try AtomicFileWriter(path)
    let report = try ShardSalvage(folder: folder).run { document in
      var line = Array("{\"text\":".utf8)
      document.text.withUnsafeBufferPointer { JSONText.appendQuoted($0, to: &line) }
      line += ",\"split\":\"\(document.split.rawValue)\",\"repeats\":\(document.repeats)}\n".utf8
      try file.append(line)
    }
    try file.finish()
    Output.text("\(ReadableUnits.count(report.savedCount)) documents saved in \(path)")
    for path in report.unreadableTables { Output.text("unreadable: \(path), so what is lost has no numbers") }
    for (split, lost) in report.lost.sorted(by: { $0.key.rawValue < $1.key.rawValue }) where !lost.isEmpty {
      let shown = lost.prefix(20).map(String.init).joined(separator: ", ") + (lost.count > 20 ? ", …" : "")
      Output.text("lost of \(split.rawValue): \(ReadableUnits.count(lost.count)) documents, at \(shown)")
    }
    guard report.gapCount == 0, report.unreadableTables.isEmpty else { throw ExitCode(ExitStatus.answerIsNo.rawValue) }
  }
}
