import Lineage
import Similarity

extension Curation {
  /// Without documents that have a long part in common with another, and without those of an opening that too many
  /// have. Of two the one stays that was said more often; of those the longer; of those the one with the lesser id.
  /// - Throws: `HintedError` where there is too much text.
  public func refusingLate(as settings: CurationSettings) throws -> Curation {
    guard LateRefusals.isWanted(settings) else { return self }
    let texts = documents.map { Array($0.text.utf8) }
    let openings = settings.openingShare == nil ? [] : documents.map { OpeningCap.opening(of: $0.text).hash }
    let late = try LateRefusals(
      settings, DocumentTexts(texts: texts), kept: Array(documents.indices), openings: openings
    ) { first, second in
      let (a, b) = (documents[first], documents[second])
      if a.repeats != b.repeats { return a.repeats > b.repeats }
      let (long, short) = (texts[first].count, texts[second].count)
      return long != short ? long > short : a.id < b.id
    }
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
