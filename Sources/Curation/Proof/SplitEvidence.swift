import Basics
import Foundation
import Lineage
import Similarity

/// What a file of documents shows about its split, whoever reads it: the same numbers for the same bytes.
struct SplitEvidence: Sendable {
  private(set) var id: ContentID
  private(set) var byteCount: Int
  private(set) var train: SplitProof.Side
  private(set) var heldOut: SplitProof.Side
  /// Groups that documents name.
  private(set) var groupCount = 0
  /// A group on both sides.
  private(set) var straddling: String?
  /// The same text, or wording, on both sides.
  private(set) var twin: SplitProof.Pair?
  /// The two of different sides that are most alike; nil where none is as alike as was looked for.
  private(set) var nearest: SplitProof.Pair?
  /// Whether they are more alike than they may be.
  private(set) var isTooNear = false
  /// A document that shares words with a reference, and what.
  private(set) var contaminated: (origin: String, finding: String)?

  /// - Parameters:
  ///   - isByWording: whether texts that differ in case, blanks and punctuation alone are the same.
  ///   - threshold: texts of different sides may not be so alike.
  ///   - searchedFrom: the least similarity that is looked for.
  /// - Throws: `HintedError` for a file that cannot be read, with the line.
  init(
    of path: String, isByWording: Bool, threshold: Double, searchedFrom: Double,
    contamination: ContaminationIndex? = nil, threadCount: Int
  ) async throws {
    let file = try DocumentsFile.open(path)
    let name = URL(fileURLWithPath: path).lastPathComponent
    let settings = try NearDuplicateSettings(threshold: searchedFrom)
    (id, byteCount) = (try file.contentID(), file.byteCount)
    var first = FirstPass(file, name)
    var rows = DocumentRows(file)
    while case let blocks = try rows.next(2 * threadCount), !blocks.isEmpty {
      for piece in try await inParallel(blocks, { try FirstPass.piece($0, name, isByWording, settings, contamination) })
      {
        first.add(piece)
      }
    }
    (train, heldOut) = (first.side(.train), first.side(.heldOut))
    (groupCount, straddling, contaminated) = (first.groups.count, first.straddling, first.contaminated)
    let search = SideSearch(first, isByWording, settings)
    rows = DocumentRows(file)
    while case let blocks = try rows.next(2 * threadCount), !blocks.isEmpty {
      for found in try await inParallel(blocks, { try search.result(of: $0, name) }) { take(found, threshold) }
    }
  }

  private mutating func take(_ found: SideSearch.Result, _ threshold: Double) {
    twin = twin ?? found.twin
    guard let pair = found.nearest, pair.similarity > nearest?.similarity ?? -1 else { return }
    nearest = pair
    isTooNear = pair.similarity >= threshold
  }

  /// Rounded as a proof has it.
  var roundedNearest: SplitProof.Pair? {
    nearest.map {
      SplitProof.Pair(
        train: $0.train, heldOut: $0.heldOut, similarity: ($0.similarity * 10_000).rounded() / 10_000)
    }
  }
}

/// Reads all documents: hashes of both sides, groups, and what is held out.
private struct FirstPass {
  struct Piece: Sendable {
    struct Entry: Sendable {
      let row: (split: Split, group: String?)
      let entry: HeldOutTexts.Entry
      let sketch: TextSketch?
    }
    var entries: [Entry] = []
    var bytes: [Split: [UInt8]] = [:]
    var contaminated: (origin: String, finding: String)?
  }

  var texts: HeldOutTexts
  var sketches: [TextSketch] = []
  private(set) var groups: [String: Split] = [:]
  private(set) var straddling: String?
  private(set) var contaminated: (origin: String, finding: String)?
  private var hashers = [Split.train: ContentHasher(), .heldOut: ContentHasher()]
  private var counts: [Split: (texts: Int, bytes: Int)] = [:]

  init(_ file: RandomAccessFile, _ name: String) { texts = HeldOutTexts(file: file, name: name) }

  static func piece(
    _ block: DocumentRows.Block, _ name: String, _ isByWording: Bool, _ settings: NearDuplicateSettings,
    _ contamination: ContaminationIndex?
  ) throws -> Piece {
    var (piece, sketcher, sameness) = (Piece(), Sketcher(settings), Sameness(isByWording: isByWording))
    for row in try DocumentRows.rows(of: block, named: name) {
      let hash = sameness.hash(of: row.text)
      let sketch = row.split == .heldOut ? row.text.withUnsafeBufferPointer { sketcher.sketch($0) } : nil
      piece.entries.append(
        Piece.Entry(
          row: (row.split, row.group), entry: HeldOutTexts.Entry(hash: hash, place: row.place, line: row.line),
          sketch: sketch))
      piece.bytes[row.split, default: []] += row.text + [Document.separatorByte]
      if piece.contaminated == nil, let contamination {
        let finding = contamination.finding(in: String(decoding: row.text, as: UTF8.self))
        piece.contaminated = finding.map { (row.origin, $0) }
      }
    }
    return piece
  }

  mutating func add(_ piece: Piece) {
    contaminated = contaminated ?? piece.contaminated
    for (split, bytes) in piece.bytes { hashers[split]?.update(bytes) }
    for entry in piece.entries {
      counts[entry.row.split, default: (0, 0)].texts += 1
      if let group = entry.row.group {
        if groups[group, default: entry.row.split] != entry.row.split { straddling = straddling ?? group }
        groups[group] = entry.row.split
      }
      guard let sketch = entry.sketch else { continue }
      texts.entries.append(entry.entry)
      sketches.append(sketch)
    }
    for (split, bytes) in piece.bytes { counts[split, default: (0, 0)].bytes += bytes.count }
  }

  func side(_ split: Split) -> SplitProof.Side {
    let (texts, bytes) = counts[split] ?? (0, 0)
    return SplitProof.Side(
      textCount: texts, byteCount: bytes - texts, id: hashers[split]?.id ?? ContentID(of: ""))
  }
}

/// Compares the training side with what is held out.
private struct SideSearch: Sendable {
  struct Result: Sendable {
    var twin: SplitProof.Pair?
    var nearest: SplitProof.Pair?
  }

  private let texts: HeldOutTexts
  private let numbers: [TextHash: Int]
  private let index: NearTextIndex
  private let settings: NearDuplicateSettings
  private let sameness: Sameness

  init(_ first: FirstPass, _ isByWording: Bool, _ settings: NearDuplicateSettings) {
    texts = first.texts
    numbers = Dictionary(
      texts.entries.enumerated().map { ($0.element.hash, $0.offset) }, uniquingKeysWith: { first, _ in first })
    index = NearTextIndex(first.sketches, settings)
    self.settings = settings
    sameness = Sameness(isByWording: isByWording)
  }

  func result(of block: DocumentRows.Block, _ name: String) throws -> Result {
    var (result, sketcher, meter, sameness) = (Result(), Sketcher(settings), JaccardMeter(), sameness)
    for row in try DocumentRows.rows(of: block, named: name) where row.split == .train {
      if result.twin == nil, let number = numbers[sameness.hash(of: row.text)] {
        result.twin = SplitProof.Pair(train: row.origin, heldOut: try texts.text(number).origin, similarity: 1)
      }
      for number in index.candidates(for: row.text.withUnsafeBufferPointer { sketcher.sketch($0) }) {
        let other = try texts.text(number)
        let similarity = row.text.withUnsafeBufferPointer { text in
          other.text.withUnsafeBufferPointer { meter.similarity(text, $0) }
        }
        guard similarity >= settings.threshold, similarity > result.nearest?.similarity ?? -1 else { continue }
        result.nearest = SplitProof.Pair(train: row.origin, heldOut: other.origin, similarity: similarity)
      }
    }
    return result
  }
}

/// Which texts are the same: those of equal bytes, or of equal wording.
private struct Sameness: Sendable {
  let isByWording: Bool
  private var reader = WordingReader()

  init(isByWording: Bool) { self.isByWording = isByWording }

  mutating func hash(of text: [UInt8]) -> TextHash {
    isByWording ? text.withUnsafeBufferPointer { reader.hash(of: $0) } : TextHash(ofBytes: text[...])
  }
}
