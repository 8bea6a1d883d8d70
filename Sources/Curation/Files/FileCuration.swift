import Basics
import Foundation
import Intake
import Lineage
import Similarity

/// Curates files of any size: records to documents and rejections, in four passes. What is remembered of each distinct
/// text lies in memory up to a limit, and then in scratch files; texts never do.
public struct FileCuration: Sendable {
  let settings: FileCurationSettings
  /// Told how far the work is, of how much where that is known, and in which unit.
  let progress: @Sendable (_ count: Int, _ total: Int?, _ unit: String) -> Void

  /// - Throws: `HintedError` for settings that cannot be followed.
  public init(
    _ settings: FileCurationSettings, progress: @escaping @Sendable (Int, Int?, String) -> Void = { _, _, _ in }
  ) throws {
    try settings.curation.check()
    guard !settings.paths.isEmpty else { throw HintedError("no file is named", status: .usage) }
    self.settings = settings
    self.progress = progress
  }

  /// - Returns: what was kept and refused. It lies in the output folder, with `documents.jsonl` and `rejections.jsonl`.
  /// - Throws: `HintedError` for a file that cannot be read or written. Nothing then has its final name.
  public func run() async throws -> FileCurationReport {
    try AtomicFile.makeFolder(settings.output)
    var collection = try TextCollection(settings)
    let byteCount = Self.byteCount(of: settings.paths)
    var doneByteCount = 0
    for path in settings.paths {
      doneByteCount += try await read(path, into: &collection) { [doneByteCount] taken in
        progress((doneByteCount + taken) >> 20, byteCount.map { $0 >> 20 }, "MiB read")
      }
    }
    return try await finish(&collection)
  }

  /// Joins near duplicates, and writes what is left.
  func finish(_ collection: inout TextCollection) async throws -> FileCurationReport {
    var output = try collection.finished()
    if var finder = output.finder {
      output.finder = nil
      let sets = try await finder.joined(output.texts, threadCount: settings.threadCount) {
        progress($0, $1, "comparisons of all texts")
      }
      try output.join(sets)
    }
    let report = try await output.write { progress($0, $1, "texts written") }
    if let proof = settings.proof { try await write(proof, report) }
    return report
  }

  /// Blocks are read one after the other, made into drafts side by side, and taken in in their order.
  /// - Returns: the file's bytes.
  private func read(
    _ path: String, into collection: inout TextCollection, progress: (Int) -> Void
  ) async throws -> Int {
    let file = try open(path)
    collection.begin(file.name)
    let parser = file.parser
    let groups = try groupParser(of: file)
    var drafted = try await drafts(of: try blocks(of: file), parser, groups)
    while !drafted.isEmpty {
      // The next blocks are read and made into drafts while these are taken in.
      let next = try blocks(of: file)
      async let following = drafts(of: next, parser, groups)
      let news = try drafted.map { try collection.take($0) }
      if let near = settings.curation.nearDuplicates {
        let sketched = try await inParallel(Array(zip(drafted, news))) { block, new in
          sketches(of: new, in: block, near)
        }
        for sketches in sketched { try collection.append(sketches) }
      }
      progress(file.takenByteCount)
      drafted = try await following
    }
    return file.takenByteCount
  }

  func open(_ path: String, hashes: Bool = false) throws -> InputFile {
    try InputFile(
      path, format: settings.format, separator: settings.separator, template: settings.template,
      columns: settings.columns, hashes: hashes)
  }

  /// What reads the fields that the split goes by; nil where it goes by none.
  func groupParser(of file: InputFile) throws -> RecordParser? {
    guard case .fields(let template, _) = settings.splitKey else { return nil }
    return try file.parser.reading(template, of: file.name)
  }

  /// Nil where one is a pipe, whose end nobody knows.
  static func byteCount(of paths: [String]) -> Int? {
    var sum = 0
    for path in paths {
      var status = stat()
      guard path != "-", stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
      sum += Int(status.st_size)
    }
    return sum
  }

  /// As many as keep all threads busy; none at the file's end.
  private func blocks(of file: InputFile) throws -> [RecordBlock] {
    var blocks: [RecordBlock] = []
    while blocks.count < 2 * settings.threadCount, let block = try file.next() { blocks.append(block) }
    return blocks
  }

  func drafts(
    of blocks: [RecordBlock], _ parser: RecordParser, _ groups: RecordParser?
  ) async throws -> [DraftBlock] {
    try await inParallel(blocks) { [settings] block in
      try DraftMaker(settings).drafts(of: parser.parse(block), groups: groups?.parse(block))
    }
  }

  func sketches(of new: [Int], in block: DraftBlock, _ near: NearDuplicateSettings) -> [TextSketch] {
    var sketcher = Sketcher(near)
    return block.arena.withUnsafeBufferPointer { arena in
      new.map { sketcher.sketch(UnsafeBufferPointer(rebasing: arena[block.drafts[$0].text])) }
    }
  }

}

/// Results in the order of the elements.
func inParallel<Element: Sendable, Result: Sendable>(
  _ elements: [Element], _ body: @escaping @Sendable (Element) throws -> Result
) async throws -> [Result] {
  try await withThrowingTaskGroup(of: (Int, Result).self) { group in
    for (position, element) in elements.enumerated() { group.addTask { (position, try body(element)) } }
    return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
  }
}
