import Intake
import Lineage
import Similarity

/// A record of a file with all that can be said of it alone.
struct Draft: Sendable {
  /// In the block's arena, normalised; of a refused one as it came.
  var text: Range<Int>
  var extras: Range<Int>
  var line: Int
  var hash = TextHash(high: 0, low: 0)
  /// Of its first words, and where they stand.
  var opening: (hash: UInt64, place: Range<Int>)?
  /// What the split goes by, where it is more than the text.
  var group: UInt64?
  var refusal: Refusal?
  var repairs: [TextRepair] = []
}

struct DraftBlock: Sendable {
  var arena: [UInt8]
  var drafts: [Draft] = []
  var lineCount: Int
}

/// Normalises, mends and filters the records of a block; each thread has its own.
struct DraftMaker {
  private let curator: Curator
  private let normalizer: TextNormalizer
  private let byteCounts: ClosedRange<Int>
  private let splitKey: SplitKey?

  /// - Throws: `HintedError` for settings that cannot be followed.
  init(_ settings: FileCurationSettings) throws {
    curator = try Curator(settings: settings.curation)
    normalizer = TextNormalizer(policy: settings.curation.characters)
    byteCounts = settings.curation.byteCounts
    splitKey = settings.splitKey
  }

  /// - Parameter groups: the same records, read for what the split goes by.
  func drafts(of parsed: consuming ParsedBlock, groups: ParsedBlock? = nil) -> DraftBlock {
    var block = DraftBlock(arena: parsed.arena, lineCount: parsed.lineCount)
    let records = parsed.records
    block.drafts.reserveCapacity(records.count)
    for (number, record) in records.enumerated() {
      var draft = draft(of: record, &block.arena)
      if draft.refusal == nil {
        let opening = OpeningCap.opening(ofBytes: block.arena[draft.text])
        draft.opening = (
          opening.hash,
          draft.text.lowerBound + opening.place.lowerBound..<draft.text.lowerBound + opening.place.upperBound
        )
      }
      if draft.refusal == nil, let splitKey { setGroup(of: &draft, splitKey, groups, number, block.arena) }
      block.drafts.append(draft)
    }
    return block
  }

  private func setGroup(
    of draft: inout Draft, _ key: SplitKey, _ groups: ParsedBlock?, _ number: Int, _ arena: [UInt8]
  ) {
    switch key {
    case .firstLine:
      draft.group = TextHash(ofBytes: arena[draft.text].prefix { $0 != 0x0A }).high
    case .fields:
      guard let groups, number < groups.records.count else { return }
      let record = groups.records[number]
      if let fault = record.fault {
        draft.refusal = Refusal(RejectionReason(fault.kind), "\(fault.detail), which the split goes by")
      } else {
        draft.group = TextHash(ofBytes: groups.arena[record.text]).high
      }
    }
  }

  private func draft(of record: IncomingRecord, _ arena: inout [UInt8]) -> Draft {
    var draft = Draft(text: record.text, extras: record.extras, line: record.line)
    if let fault = record.fault {
      draft.refusal = Refusal(RejectionReason(fault.kind), fault.detail)
      return draft
    }
    normalise(&draft, &arena)
    guard draft.refusal == nil else { return draft }
    if !byteCounts.contains(draft.text.count) {
      draft.refusal = curator.refusalOfLength(draft.text.count)
    } else if curator.readsWords {
      draft.refusal = curator.refusalOfWords(in: String(decoding: arena[draft.text], as: UTF8.self))
    }
    if draft.refusal == nil {
      draft.hash = arena.withUnsafeBytes { TextHash(of: UnsafeRawBufferPointer(rebasing: $0[draft.text])) }
    }
    return draft
  }

  private func normalise(_ draft: inout Draft, _ arena: inout [UInt8]) {
    let normal = arena.withUnsafeBufferPointer { arena in
      let text = UnsafeBufferPointer(rebasing: arena[draft.text])
      let range = PlainText.trimmed(text)
      return PlainText.isNormal(UnsafeBufferPointer(rebasing: text[range])) ? range : nil
    }
    if let normal {
      let start = draft.text.lowerBound
      draft.text = start + normal.lowerBound..<start + normal.upperBound
      return
    }
    let (start, text) = (arena.count, Array(arena[draft.text]))
    if text.withUnsafeBufferPointer({ PlainText.appendNormal($0, to: &arena) }) {
      if arena.count == start { draft.refusal = Refusal(.empty, "the record holds no text") }
    } else {
      normaliseUnicode(&draft, &arena)
    }
    if draft.refusal == nil { draft.text = start..<arena.count }
  }

  private func normaliseUnicode(_ draft: inout Draft, _ arena: inout [UInt8]) {
    let (mended, repairs) = TextRepair.repaired(String(decoding: arena[draft.text], as: UTF8.self))
    let text = normalizer.normalized(mended)
    draft.refusal = text.isEmpty ? Refusal(.empty, "the record holds no text") : curator.refusalOfCharacters(in: text)
    guard draft.refusal == nil else { return }
    draft.repairs = repairs
    arena.append(contentsOf: text.utf8)
  }
}

extension TextHash {
  init(ofBytes bytes: ArraySlice<UInt8>) {
    self = bytes.withUnsafeBytes { TextHash(of: $0) }
  }
}

extension RejectionReason {
  init(_ kind: RecordFault.Kind) {
    switch kind {
    case .malformed: self = .malformed
    case .missingField: self = .missingField
    case .invalidUTF8: self = .invalidUTF8
    case .oversized: self = .oversized
    }
  }
}
