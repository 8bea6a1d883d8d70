import Basics
import Foundation
import Intake
import Lineage
import Similarity

/// All distinct texts: which of them stay, on which side of the split, and the files that say so.
struct CuratedTexts {
  let settings: FileCurationSettings
  let texts: SpooledTexts
  let distinct: ScratchArray<DistinctText>
  private let groups: ScratchArray<UInt64>
  private let openings: ScratchArray<UInt64>
  let rejections: RejectionFile
  var finder: NearDuplicateFinder?
  private var report: FileCurationReport
  /// Of each text, the one that stands for its set of near duplicates; empty where none were looked for.
  private var survivors: ScratchArray<UInt32>
  private let pool: ScratchPool

  init(
    settings: FileCurationSettings, texts: SpooledTexts, distinct: ScratchArray<DistinctText>,
    groups: ScratchArray<UInt64>, openings: ScratchArray<UInt64>,
    rejections: RejectionFile, finder: NearDuplicateFinder?, report: FileCurationReport, pool: ScratchPool
  ) {
    (self.settings, self.texts, self.distinct) = (settings, texts, distinct)
    (self.groups, self.openings) = (groups, openings)
    (self.rejections, self.finder, self.report, self.pool) = (rejections, finder, report, pool)
    survivors = ScratchArray(pool)
  }

  /// Chooses each set's survivor: the text that was said most often; of those the longest; of those the one with the
  /// least hash. So it does not depend on the order of the files.
  /// - Throws: `HintedError` where the disk has no room.
  mutating func join(_ sets: DisjointSets) throws {
    let best = try ScratchArray<UInt32>(repeating: .max, count: distinct.count, pool)
    let sizes = try ScratchArray<UInt32>(repeating: 0, count: distinct.count, pool)
    for number in distinct.indices {
      let root = sets.root(of: number)
      sizes[root] += 1
      if best[root] == .max || isBetter(number, than: Int(best[root])) { best[root] = UInt32(number) }
      if number % 65_536 == 65_535, pool.hasSpilled { pool.release() }
    }
    for number in distinct.indices { try survivors.append(best[sets.root(of: number)]) }
    report.nearSetCount = sizes.indices.count { sizes[$0] > 1 }
    report.nearTextCount = sizes.indices.reduce(0) { $0 + (sizes[$1] > 1 ? Int(sizes[$1]) : 0) }
    guard !settings.curation.keepsNearDuplicates else { return }
    for number in distinct.indices where Int(survivors[number]) != number {
      distinct[Int(survivors[number])].repeats += distinct[number].repeats
    }
  }

  private func isBetter(_ number: Int, than other: Int) -> Bool {
    let (a, b) = (distinct[number], distinct[other])
    if a.repeats != b.repeats { return a.repeats > b.repeats }
    let (first, second) = (texts.byteCount(of: number), texts.byteCount(of: other))
    return first != second ? first > second : a.hash < b.hash
  }

  /// What goes now that all is known.
  private func lateRefusals() throws -> LateRefusals? {
    guard LateRefusals.isWanted(settings.curation) else { return nil }
    let areMerged = !survivors.isEmpty && !settings.curation.keepsNearDuplicates
    return try LateRefusals(
      settings.curation, texts, count: distinct.count, isKept: { !areMerged || Int(survivors[$0]) == $0 },
      openings: openings, precedes: isBetter(_:than:), pool)
  }

  /// Of each text the number that its side follows from, where that is not its wording.
  private func sideKeys() throws -> ScratchArray<UInt64> {
    guard settings.curation.keepsNearDuplicates, !groups.isEmpty else { return groups }
    return try SplitUnits.keys(groups: groups, survivors: survivors, pool)
  }

  /// Writes documents in the order of the records, then the rejections that are left, then the report.
  mutating func write(progress: (Int, Int?) -> Void) async throws -> FileCurationReport {
    let file = try AtomicFileWriter("\(settings.output)/documents.jsonl")
    let lines = DocumentLines(
      settings: settings, texts: texts, distinct: distinct, survivors: survivors, groups: groups,
      sideKeys: try sideKeys(), late: try lateRefusals(), inputs: report.inputs)
    var start = 0
    while start < distinct.count {
      let pieces = (0..<2 * settings.threadCount).map { piece in
        min(start + piece * 4096, distinct.count)..<min(start + (piece + 1) * 4096, distinct.count)
      }
      for lines in try await inParallel(pieces, { try lines.lines(of: $0) }) {
        try file.append(lines.documents)
        try rejections.append(lines: lines.rejections)
        report.add(lines)
      }
      start += 4096 * pieces.count
      if pool.hasSpilled { pool.release() }
      progress(min(start, distinct.count), distinct.count)
    }
    try report.check()
    try rejections.finish()
    try file.finish()
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    try AtomicFile.write(Array(try encoder.encode(report)) + [0x0A], to: "\(settings.output)/report.json")
    return report
  }
}
