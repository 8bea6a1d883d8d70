import Basics
import Foundation
import Intake
import Lineage
import Similarity

/// All distinct texts: which of them stay, on which side of the split, and the files that say so.
struct CuratedTexts {
  let settings: FileCurationSettings
  let texts: SpooledTexts
  private(set) var distinct: [DistinctText]
  let rejections: RejectionFile
  var finder: NearDuplicateFinder?
  private var report: FileCurationReport
  /// Of each text, the one that stands for its set of near duplicates; empty where none were looked for.
  private var survivors: [UInt32] = []

  init(
    settings: FileCurationSettings, texts: SpooledTexts, distinct: [DistinctText], rejections: RejectionFile,
    finder: NearDuplicateFinder?, report: FileCurationReport
  ) {
    (self.settings, self.texts, self.distinct) = (settings, texts, distinct)
    (self.rejections, self.finder, self.report) = (rejections, finder, report)
  }

  /// Chooses each set's survivor: the text that was said most often; of those the longest; of those the one with the
  /// least hash. So it does not depend on the order of the files.
  mutating func join(_ sets: DisjointSets) {
    var best = [UInt32](repeating: .max, count: distinct.count)
    var sizes = [UInt32](repeating: 0, count: distinct.count)
    for number in distinct.indices {
      let root = sets.root(of: number)
      sizes[root] += 1
      if best[root] == .max || isBetter(number, than: Int(best[root])) { best[root] = UInt32(number) }
    }
    survivors = distinct.indices.map { best[sets.root(of: $0)] }
    report.nearSetCount = sizes.count { $0 > 1 }
    report.nearTextCount = sizes.reduce(0) { $0 + ($1 > 1 ? Int($1) : 0) }
    guard !settings.curation.keepsNearDuplicates else { return }
    for (number, survivor) in survivors.enumerated() where Int(survivor) != number {
      distinct[Int(survivor)].repeats += distinct[number].repeats
    }
  }

  private func isBetter(_ number: Int, than other: Int) -> Bool {
    let (a, b) = (distinct[number], distinct[other])
    if a.repeats != b.repeats { return a.repeats > b.repeats }
    let (first, second) = (texts.byteCount(of: number), texts.byteCount(of: other))
    return first != second ? first > second : a.hash < b.hash
  }

  /// Writes documents in the order of the records, then the rejections that are left, then the report.
  mutating func write(progress: (Int, Int?) -> Void) async throws -> FileCurationReport {
    let file = try AtomicFileWriter("\(settings.output)/documents.jsonl")
    let lines = DocumentLines(
      settings: settings, texts: texts, distinct: distinct, survivors: survivors, inputs: report.inputs)
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
