import Basics
import Intake
import Lineage
import Similarity

/// What becomes of distinct texts, as lines of the two files; each thread writes another range of them.
struct DocumentLines: Sendable {
  let settings: FileCurationSettings
  let texts: SpooledTexts
  let distinct: ScratchArray<DistinctText>
  /// Empty where no near duplicates were looked for.
  let survivors: ScratchArray<UInt32>
  /// What texts lie on one side by; empty where that is their wording.
  let groups: ScratchArray<UInt64>
  /// The number that each side follows from, where there are groups.
  let sideKeys: ScratchArray<UInt64>
  /// Nil where nothing is refused once all texts are known.
  let late: LateRefusals?
  let inputs: [FileCurationReport.Input]

  struct Piece: Sendable {
    var documents: [UInt8] = []
    var rejections: [UInt8] = []
    var keptCount = 0, keptByteCount = 0, heldOutCount = 0, repeatedCount = 0
    var refused: [RejectionReason: Int] = [:]
  }

  /// - Throws: `HintedError` where texts cannot be read again.
  func lines(of numbers: Range<Int>) throws -> Piece {
    let splitter = DocumentSplitter(heldOutFraction: settings.curation.heldOutFraction, seed: settings.curation.seed)
    var (piece, meter, reader) = (Piece(), JaccardMeter(), WordingReader())
    let content = try texts.content(of: numbers)
    for number in numbers {
      let survivor = survivors.isEmpty ? number : Int(survivors[number])
      let (extras, text) = content.record(number)
      if late?.refuses(number) == true {
        reject(number, Array(text), in: &piece)
      } else if survivor == number || settings.curation.keepsNearDuplicates {
        let key =
          groups.isEmpty
          ? try wording(of: survivor == number ? text : texts.bytes(of: survivor)[...], &reader)
          : sideKeys[number]
        append(number, text, extras, splitter.split(of: key), to: &piece)
      } else {
        try reject(number, Array(text), for: survivor, &meter, in: &piece)
      }
    }
    return piece
  }

  private func wording(of text: ArraySlice<UInt8>, _ reader: inout WordingReader) -> UInt64 {
    text.withUnsafeBufferPointer { reader.hash(of: $0).high }
  }

  private func append(
    _ number: Int, _ text: ArraySlice<UInt8>, _ extras: ArraySlice<UInt8>, _ split: Split, to piece: inout Piece
  ) {
    piece.documents += Self.beginning
    text.withUnsafeBufferPointer { JSONText.appendQuoted($0, to: &piece.documents) }
    piece.documents += split == .train ? Self.train : Self.heldOut
    piece.documents += "\(distinct[number].repeats)".utf8
    piece.documents += Self.origin
    name(distinct[number].place, to: &piece.documents)
    if !groups.isEmpty { piece.documents += SplitGroup.member(groups[number]) }
    piece.documents += extras
    piece.documents += Self.end
    piece.keptCount += 1
    piece.keptByteCount += text.count
    piece.repeatedCount += distinct[number].repeats > 1 ? 1 : 0
    piece.heldOutCount += split == .heldOut ? 1 : 0
  }

  private static let beginning = Array("{\"text\":".utf8)
  private static let train = Array(",\"split\":\"\(Split.train.rawValue)\",\"repeats\":".utf8)
  private static let heldOut = Array(",\"split\":\"\(Split.heldOut.rawValue)\",\"repeats\":".utf8)
  private static let origin = Array(",\"origin\":".utf8)
  private static let end = Array("}\n".utf8)

  private func name(_ place: TextCollection.Place, to line: inout [UInt8]) {
    var name = place.name(inputs)
    name.withUTF8 { JSONText.appendQuoted($0, to: &line) }
  }

  private func reject(_ number: Int, _ text: [UInt8], in piece: inout Piece) {
    guard let (refusal, other) = late?.refusal(of: number, text) else { return }
    piece.refused[refusal.reason, default: 0] += 1
    RejectionLine(
      origin: distinct[number].place.name(inputs), reason: refusal.reason,
      of: other.map { distinct[$0].place.name(inputs) }, detail: refusal.detail, text: text[...]
    ).append(to: &piece.rejections)
  }

  /// The exact duplicates of a text that goes were refused already.
  private func reject(
    _ number: Int, _ text: [UInt8], for survivor: Int, _ meter: inout JaccardMeter, in piece: inout Piece
  ) throws {
    let other = try texts.bytes(of: survivor)
    let similarity = text.withUnsafeBufferPointer { text in
      other.withUnsafeBufferPointer { meter.similarity(text, $0) }
    }
    piece.refused[.nearDuplicate, default: 0] += 1
    RejectionLine(
      origin: distinct[number].place.name(inputs), reason: .nearDuplicate, of: distinct[survivor].place.name(inputs),
      similarity: similarity, detail: WordDifference.summary(from: other, to: text), text: text[...]
    ).append(to: &piece.rejections)
  }
}
