import Basics
import Foundation
import Intake
import Lineage
import Similarity

/// What is left of the records while they are read: refused ones are written down at once, the others are told apart
/// by their hash and spooled.
struct TextCollection {
  /// Where a record stands.
  struct Place: BitwiseCopyable {
    var file: UInt32
    var line: UInt64

    func name(_ inputs: [FileCurationReport.Input]) -> String { "\(inputs[Int(file)].name):\(line)" }
  }

  private let settings: FileCurationSettings
  private let spool: TextSpool
  private let rejections: RejectionFile
  private let pool: ScratchPool
  private var numbers: TextHashTable
  private let texts: ScratchArray<DistinctText>
  /// Of each text, what the split goes by; empty where that is its wording.
  private let groups: ScratchArray<UInt64>
  /// Of each text, its first words; empty where they may be as common as they are.
  private let openings: ScratchArray<UInt64>
  private var commonOpenings = CommonOpenings()
  private var report = FileCurationReport()
  private var finder: NearDuplicateFinder?
  /// Of the next block of the file that is read.
  private var line = 1

  init(_ settings: FileCurationSettings) throws {
    self.settings = settings
    pool = ScratchPool(folder: settings.output, memoryByteCount: settings.memoryByteCount)
    spool = try TextSpool(folder: settings.output, pool)
    numbers = try TextHashTable(pool)
    texts = ScratchArray(pool)
    (groups, openings) = (ScratchArray(pool), ScratchArray(pool))
    rejections = try RejectionFile("\(settings.output)/rejections.jsonl")
    finder = settings.curation.nearDuplicates.map { [pool] in NearDuplicateFinder($0, pool) }
  }

  var recordCount: Int { report.recordCount }

  mutating func begin(_ name: String) {
    report.inputs.append(FileCurationReport.Input(name: name, recordCount: 0))
    line = 1
  }

  /// Takes a file's next block.
  /// - Returns: which drafts are texts that were not there before, in the order of their numbers.
  mutating func take(_ block: DraftBlock) throws -> [Int] {
    var new: [Int] = []
    for (index, draft) in block.drafts.enumerated() {
      let place = Place(file: UInt32(report.inputs.count - 1), line: UInt64(line + draft.line))
      if let refusal = draft.refusal {
        try reject(refusal, block.arena[draft.text], at: place)
      } else if let number = try numbers.insert(draft.hash, hashes: { texts[$0].hash }) {
        texts[number].repeats += 1
        let first = texts[number].place.name(report.inputs)
        report.reject(.duplicate)
        try rejections.append(RejectionLine(origin: place.name(report.inputs), reason: .duplicate, of: first))
      } else {
        try texts.append(DistinctText(hash: draft.hash, place: place))
        if let group = draft.group { try groups.append(group) }
        if let opening = draft.opening {
          commonOpenings.add(opening.hash, block.arena[opening.place])
          if settings.curation.openingShare != nil { try openings.append(opening.hash) }
        }
        try spool.append(extras: block.arena[draft.extras], text: block.arena[draft.text])
        for repair in draft.repairs { report.repaired[repair.rawValue, default: 0] += 1 }
        new.append(index)
      }
    }
    line += block.lineCount
    report.recordCount += block.drafts.count
    report.inputs[report.inputs.count - 1].recordCount += block.drafts.count
    if pool.hasSpilled { pool.release() }
    return new
  }

  func append(_ sketches: [TextSketch]) throws { for sketch in sketches { try finder?.append(sketch) } }

  private mutating func reject(_ refusal: Refusal, _ text: ArraySlice<UInt8>, at place: Place) throws {
    report.reject(refusal.reason)
    try rejections.append(
      RejectionLine(
        origin: place.name(report.inputs), reason: refusal.reason, detail: refusal.detail, text: text))
  }

  mutating func finished() throws -> CuratedTexts {
    report.note(commonOpenings)
    return CuratedTexts(
      settings: settings, texts: try spool.finished(), distinct: texts, groups: groups, openings: openings,
      rejections: rejections, finder: finder, report: report, pool: pool)
  }
}

/// A text that no earlier one was equal to.
struct DistinctText: BitwiseCopyable {
  let hash: TextHash
  let place: TextCollection.Place
  var repeats: UInt32 = 1
}
