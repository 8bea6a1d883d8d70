import Basics
import Intake
import Lineage
import Similarity

extension FileCuration {
  /// Reads, mends, filters and sketches one part's blocks; what only all texts together decide is left to `merge`.
  /// - Parameters:
  ///   - part: of how many.
  ///   - folder: gets the file `blocks`, and scratch files meanwhile.
  /// - Returns: the files that the part read, and how many records it took.
  /// - Throws: `HintedError` for a file that cannot be read or written.
  public func draft(_ part: Part, in folder: String) async throws -> (inputs: [DraftedInput], recordCount: Int) {
    guard !settings.paths.contains("-") else {
      throw HintedError(
        "standard input cannot be read by several parts", hint: "write it to a file first", status: .usage)
    }
    let drafts = try PartDrafts(folder, settings)
    let deal = BlockDeal(fileCount: settings.paths.count, partCount: part.count)
    var inputs: [DraftedInput] = []
    for (number, path) in settings.paths.enumerated() where deal.reads(file: number, part) {
      let file = try open(path, hashes: true)
      let groups = try groupParser(of: file)
      var blockCount = 0
      while true {
        var blocks: [(number: Int, block: RecordBlock)] = []
        var isAtEnd = false
        while blocks.count < 2 * settings.threadCount, !isAtEnd {
          guard let block = try file.next() else {
            isAtEnd = true
            continue
          }
          if deal.part(ofBlock: blockCount, ofFile: number) == part.number { blocks.append((blockCount, block)) }
          blockCount += 1
        }
        let drafted = try await self.drafts(of: blocks.map(\.block), file.parser, groups)
        try await drafts.append(
          zip(blocks, drafted).map { DraftedBlock(file: number, number: $0.number, drafts: $1) },
          sketchedBy: self)
        progress(file.takenByteCount >> 20, nil, "MiB read of \(file.name)")
        if isAtEnd { break }
      }
      guard let id = file.contentID else { continue }
      inputs.append(
        DraftedInput(file: number, name: file.name, byteCount: file.takenByteCount, id: id, blockCount: blockCount))
    }
    try drafts.finish()
    return (inputs, drafts.recordCount)
  }

  /// Curates what parts drafted: the same files as one machine leaves.
  /// - Parameters:
  ///   - parts: the blocks of each part, in the order of their numbers.
  ///   - inputs: each file once, in order.
  /// - Throws: `HintedError` for damaged parts.
  public func merge(_ parts: [DraftFileReader], _ inputs: [DraftedInput]) async throws -> FileCurationReport {
    try AtomicFile.makeFolder(settings.output)
    var collection = try TextCollection(settings)
    let deal = BlockDeal(fileCount: inputs.count, partCount: parts.count)
    for input in inputs {
      collection.begin(input.name)
      for number in 0..<input.blockCount {
        let part = parts[deal.part(ofBlock: number, ofFile: input.file) - 1]
        let block = try part.next(number, ofFile: input.file)
        let new = try collection.take(block.drafts)
        guard !new.contains(where: block.repeated.contains) else {
          throw HintedError("block \(number) of \(input.name) repeats a text that no part has", hint: "run it again")
        }
        guard settings.curation.nearDuplicates != nil else { continue }
        let sketches = new.compactMap { block.sketches[$0] }
        guard sketches.count == new.count else {
          throw HintedError("block \(number) of \(input.name) has texts without a sketch", hint: "run it again")
        }
        try collection.append(sketches)
      }
      progress(input.file + 1, inputs.count, "files merged")
    }
    for part in parts { try part.finish() }
    return try await finish(&collection)
  }
}

/// The file `blocks` of a part while it is written, and which texts the part met.
private final class PartDrafts {
  private let file: AtomicFileWriter
  private var numbers: TextHashTable
  private let hashes: ScratchArray<TextHash>
  private let near: NearDuplicateSettings?
  private(set) var recordCount = 0

  init(_ folder: String, _ settings: FileCurationSettings) throws {
    let pool = ScratchPool(folder: folder, memoryByteCount: settings.memoryByteCount)
    file = try AtomicFileWriter("\(folder)/\(PartFiles.blocks)")
    numbers = try TextHashTable(pool)
    hashes = ScratchArray(pool)
    near = settings.curation.nearDuplicates
  }

  func append(_ blocks: [DraftedBlock], sketchedBy curation: FileCuration) async throws {
    let marked = try blocks.map { try mark($0) }
    let encoded = try await inParallel(marked) { [near] block, new in
      var block = block
      if let near {
        let sketches = curation.sketches(of: new, in: block.drafts, near)
        block.sketches = Dictionary(uniqueKeysWithValues: zip(new, sketches))
      }
      return block.encoded
    }
    for bytes in encoded { try file.append(bytes) }
  }

  /// - Returns: which drafts are texts that the part meets for the first time.
  private func mark(_ block: DraftedBlock) throws -> (block: DraftedBlock, new: [Int]) {
    var (block, new) = (block, [Int]())
    for (index, draft) in block.drafts.drafts.enumerated() where draft.refusal == nil {
      if try numbers.insert(draft.hash, hashes: { hashes[$0] }) == nil {
        try hashes.append(draft.hash)
        new.append(index)
      } else {
        block.repeated.insert(index)
      }
    }
    recordCount += block.drafts.drafts.count
    return (block, new)
  }

  func finish() throws { try file.finish() }
}

/// Names of a part's files.
public enum PartFiles {
  public static let blocks = "blocks"
}
