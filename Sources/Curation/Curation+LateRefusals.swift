import Basics
import Lineage
import Similarity

extension Curation {
  /// Without documents that have a long part in common with another, and without those of an opening that too many
  /// have. Of two the one stays that was said more often; of those the longer; of those the one with the lesser id.
  /// - Throws: `HintedError` where there is too much text.
  public func refusingLate(as settings: CurationSettings) throws -> Curation {
    guard LateRefusals.isWanted(settings) else { return self }
    let texts = documents.map { Array($0.text.utf8) }
    let pool = ScratchPool.unbounded()
    let openings = ScratchArray<UInt64>(pool)
    if settings.openingShare != nil {
      for document in documents { try openings.append(OpeningCap.opening(of: document.text).hash) }
    }
    func precedes(_ first: Int, _ second: Int) -> Bool {
      let (a, b) = (documents[first], documents[second])
      if a.repeats != b.repeats { return a.repeats > b.repeats }
      let (long, short) = (texts[first].count, texts[second].count)
      return long != short ? long > short : a.id < b.id
    }
    let late = try LateRefusals(
      settings, DocumentTexts(texts: texts), count: documents.count, isKept: { _ in true }, openings: openings,
      precedes: precedes, pool)
    var (kept, refused) = ([Document](), rejections)
    for (number, document) in documents.enumerated() {
      guard let (refusal, other) = late.refusal(of: number, texts[number]) else {
        kept.append(document)
        continue
      }
      var rejection = refusal.rejection(of: document.text, sampleID: document.sampleID, index: document.indexInSample)
      rejection.matchedDocumentID = other.map { documents[$0].id }
      refused.append(rejection)
    }
    return Curation(documents: kept, rejections: refused)
  }
}

private struct DocumentTexts: NumberedTexts {
  let texts: [[UInt8]]
  func bytes(of number: Int) -> [UInt8] { texts[number] }
}
