import Basics
import Lineage

/// Turns samples into documents, one answer at a time. It remembers what it has accepted, so that a text that comes
/// again is refused as a duplicate of the first: feed it samples in prompt order, and the same samples always give
/// the same documents.
public struct Curator {
  public let settings: CurationSettings
  private let normalizer: TextNormalizer
  private let splitter: DocumentSplitter
  let filters: CompiledFilters
  private var acceptedIDs: Set<ContentID> = []

  /// - Throws: `HintedError` for settings that cannot be followed.
  public init(settings: CurationSettings) throws {
    try settings.check()
    self.settings = settings
    normalizer = TextNormalizer(policy: settings.characters)
    filters = try CompiledFilters(settings.filters)
    splitter = DocumentSplitter(heldOutFraction: settings.heldOutFraction, seed: settings.seed)
  }

  /// Curates a whole set.
  /// - Parameter samples: in prompt order.
  public mutating func curate(_ samples: some Sequence<Sample>) -> Curation {
    var curation = Curation()
    for sample in samples {
      for verdict in verdicts(on: sample) { curation.record(verdict) }
    }
    return curation
  }

  /// Says of each document in one answer whether it is in the corpus; at least one verdict a sample.
  public mutating func verdicts(on sample: Sample) -> [Verdict] {
    let parts = parts(of: TextNormalizer.withLineFeeds(TextRepair.repaired(sample.text).text))
    let pieces = parts.flatMap { part in
      part.isInside ? settings.boundary.pieces(of: part.text).map { ($0, true) } : [(part.text, false)]
    }
    var verdicts: [Verdict] = []
    for (position, (piece, isInside)) in pieces.enumerated() {
      let text = normalizer.normalized(piece)
      if text.isEmpty { continue }
      if isInside {
        let isLast = position == pieces.count - 1
        verdicts.append(verdict(on: text, of: sample, index: verdicts.count, isLast: isLast))
      } else {
        let refusal = Refusal(.chatter, "it stands outside the code fence that holds the answer")
        verdicts.append(.rejected(refusal.rejection(of: text, sampleID: sample.id, index: verdicts.count)))
      }
    }
    if verdicts.isEmpty {
      let refusal = Refusal(.empty, "the answer holds no text")
      verdicts.append(.rejected(refusal.rejection(of: sample.text, sampleID: sample.id, index: 0)))
    }
    return verdicts
  }

  /// What a fence holds, and what stands beside it, where talk is refused; otherwise the answer as it is.
  private func parts(of answer: String) -> [FencedAnswer.Part] {
    guard settings.filters.refusesChatter, let fenced = FencedAnswer(answer) else {
      return [FencedAnswer.Part(text: answer, isInside: true)]
    }
    return fenced.parts
  }

  private mutating func verdict(on piece: String, of sample: Sample, index: Int, isLast: Bool) -> Verdict {
    let (text, finishReason) = settings.truncated.applied(to: piece, isLast ? sample.finishReason : .stop)
    if let refusal = refusal(of: text, finishReason) {
      return .rejected(refusal.rejection(of: text, sampleID: sample.id, index: index))
    }
    let id = ContentID(of: text)
    guard acceptedIDs.insert(id).inserted else {
      let refusal = Refusal(.duplicate, "the same text as \(id)", matchedDocumentID: id)
      return .rejected(refusal.rejection(of: text, sampleID: sample.id, index: index))
    }
    return .accepted(
      Document(sampleID: sample.id, indexInSample: index, split: splitter.split(of: text), text: text))
  }
}
