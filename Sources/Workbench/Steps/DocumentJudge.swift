import Basics
import Curation
import Ledger
import Lineage
import Teachers

/// Asks a second teacher about each document that curation keeps, and refuses those that it does not want.
///
/// Its questions and answers are in the ledger like all others, so a document is judged and paid once, however often
/// the corpus is curated.
struct DocumentJudge: Sendable {
  let section: Recipe.Judge
  let access: TeacherAccess
  let ledger: Ledger
  let budget: Budget
  let isUnchecked: Bool

  func settings() throws -> [String: String] {
    [
      "judge": try CanonicalJSON.text(section),
      "judge.teacher": try CanonicalJSON.text([access.profile.name, access.profile.model, try access.identity()]),
    ]
  }

  /// What is asked about each document.
  func prompts(_ documents: [Document]) throws -> [Prompt] {
    try documents.enumerated().map { index, document in
      let text = section.prompt.filled(with: [Recipe.Judge.documentList: document.text])
      return try Prompt(index: index, messages: [Message(.user, text)], sampling: access.profile.sampling)
    }
  }

  /// What is left of a curation.
  /// - Returns: beside it, what the judge cost in this run, in US dollars.
  func judged(_ curation: Curation, _ progress: ProgressSink) async throws -> (curation: Curation, cost: Double) {
    let prompts = try prompts(curation.documents)
    let options = Teacher.AskOptions(
      within: budget, checksFirstAnswers: !isUnchecked,
      isUsable: { [section] in section.judgement(in: $0.text) != nil })
    let done = Counter()
    let outcome = try await access.withTeacher { teacher in
      try await teacher.ask(prompts, store: LedgerAnswerStore(ledger), options: options) { event in
        switch event {
        case .answered, .reused, .refused: progress(await done.next(), of: prompts.count, "documents judged")
        default: break
        }
      }
    }
    return (kept(of: curation, by: outcome.samples), outcome.cost + outcome.possibleCost)
  }

  /// The same of judgements that are all in the ledger: nothing is asked, and no key is needed.
  /// - Throws: `HintedError` where one is missing.
  func judgedBefore(_ curation: Curation) async throws -> Curation {
    var samples: [Sample] = []
    try await access.unconnected().forEachSample(
      of: PromptStream(try prompts(curation.documents)), in: LedgerAnswerStore(ledger)
    ) { samples.append($0) }
    return kept(of: curation, by: samples)
  }

  /// The curation anew: what it refused before, and what is refused now.
  private func kept(of curation: Curation, by samples: [Sample]) -> Curation {
    let judgements = Dictionary(
      samples.map { ($0.promptIndex, section.judgement(in: $0.text)) }, uniquingKeysWith: { first, _ in first })
    var repeatCounts: [ContentID: Int] = [:]
    for case let id? in curation.rejections.map(\.matchedDocumentID) { repeatCounts[id, default: 0] += 1 }
    var (result, refused): (Curation, [Rejection]) = (Curation(), [])
    for (index, document) in curation.documents.enumerated() {
      let judgement = judgements[index] ?? nil
      guard let judgement, judgement.keeps else {
        refused.append(rejection(of: document, judgement?.said))
        continue
      }
      var document = document
      document.judgement = judgement.said
      // Its duplicates are counted once more below.
      document.repeats -= repeatCounts[document.id] ?? 0
      result.record(.accepted(document))
    }
    for rejection in curation.rejections + refused { result.record(.rejected(rejection)) }
    return result
  }

  private func rejection(of document: Document, _ said: String?) -> Rejection {
    let wanted =
      switch section.standard {
      case .atLeast(let least): "at least \(least)"
      case .words(let words): words.joined(separator: " or ")
      }
    let detail = said.map { "the judge says \($0), wanted is \(wanted)" } ?? "the judge says nothing of it"
    return Rejection(
      sampleID: document.sampleID, indexInSample: document.indexInSample, reason: .judged, detail: detail,
      text: document.text)
  }
}

/// Counts from 1.
actor Counter {
  private var count = 0

  func next() -> Int {
    count += 1
    return count
  }
}
