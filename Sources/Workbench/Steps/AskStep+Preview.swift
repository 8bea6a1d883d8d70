import Basics
import Curation
import Foundation
import Ledger
import Lineage
import Teachers

/// What `ask` would do, known before the first request.
public struct AskPreview: Codable, Sendable {
  public var teacher: String
  public var model: String
  /// Requests without a stored answer, and those that have one.
  public var requestCount: Int
  public var answeredCount: Int
  /// Prompts that the teacher refused for good; they are not asked again.
  public var refusedCount: Int
  /// Of the requests above, those that stand in batches under way.
  public var batchedCount: Int
  /// Where the recipe has a target: asking ends when curation keeps so many, and the counts are the most that it takes.
  public var targetDocumentCount: Int?
  /// Estimated from the text.
  public var promptTokenCount: Int
  /// The most that the answers may have.
  public var maximumCompletionTokenCount: Int
  /// US dollars, if every answer is as long as it may be.
  public var maximumCost: Double
  /// What the recipe's judge would be asked, by then; nil where it has none. Its cost is no part of `maximumCost`.
  public var judge: Judge?
  /// The first prompt as it would be sent.
  public var firstPrompt: [Message]

  public struct Judge: Codable, Sendable {
    public var teacher: String
    public var model: String
    /// Questions without a stored answer: of documents that are there, and of as many to come as answers have brought
    /// so far, one each before there is any.
    public var requestCount: Int
    /// US dollars, if every answer to come is as long as it may be, and every judgement, too.
    public var maximumCost: Double
  }
}

extension AskStep {
  func preview() async throws -> AskPreview {
    let unconnected = try unconnected()
    var cursor = prompts.cursor()
    var preview = AskPreview(
      teacher: teachers.map(\.profile.name).joined(separator: ", "),
      model: teachers.map(\.profile.model).joined(separator: ", "), requestCount: 0, answeredCount: 0, refusedCount: 0,
      batchedCount: 0, targetDocumentCount: rounds?.target.documents, promptTokenCount: 0,
      maximumCompletionTokenCount: 0,
      maximumCost: 0, firstPrompt: try cursor.take(1).first?.messages ?? [])
    for (name, share) in try shares(of: prompts) {
      guard
        let estimate = try await unconnected[name]?.estimate(
          share, store: LedgerAnswerStore(ledger), batches: options.batches)
      else { continue }
      preview.batchedCount += estimate.batchedCount
      preview.requestCount += estimate.requestCount
      preview.answeredCount += estimate.reusedCount
      preview.refusedCount += estimate.refusedCount
      preview.promptTokenCount += estimate.promptTokenCount
      preview.maximumCompletionTokenCount += estimate.maximumCompletionTokenCount
      preview.maximumCost += estimate.maximumCost
    }
    preview.judge = try await judgePreview(of: preview, unconnected)
    return preview
  }

  private func judgePreview(
    of preview: AskPreview, _ teachers: [String: Teacher]
  ) async throws -> AskPreview.Judge? {
    guard let judge, let curation else { return nil }
    let (known, answerCount) = try await curatedSoFar(curation, teachers)
    let teacher = try judge.access.unconnected()
    let open = try await teacher.estimate(
      PromptStream(try judge.prompts(known.documents)), store: LedgerAnswerStore(ledger))
    let perAnswer = answerCount == 0 ? 1 : Double(known.documents.count) / Double(answerCount)
    let comingCount = Int((perAnswer * Double(preview.requestCount)).rounded(.up))
    // The question without a document; the documents themselves have no more tokens than the answers that hold them.
    let question = try judge.prompts([Document(sampleID: ContentID(of: ""), indexInSample: 0, split: .train, text: "")])
    let coming = question.map { teacher.worstCost(of: $0) * Double(comingCount) }.reduce(0, +)
    let texts = judge.access.profile.price.cost(
      of: TokenUsage(promptTokenCount: comingCount == 0 ? 0 : preview.maximumCompletionTokenCount))
    return AskPreview.Judge(
      teacher: judge.access.profile.name, model: judge.access.profile.model,
      requestCount: open.requestCount + comingCount, maximumCost: open.maximumCost + coming + texts)
  }

  /// What curation makes of the answers that are there, before the judge.
  private func curatedSoFar(
    _ settings: CurationSettings, _ teachers: [String: Teacher]
  ) async throws -> (curation: Curation, answerCount: Int) {
    var (curator, curation, count) = (try Curator(settings: settings), Curation(), 0)
    try await forEachSample(of: prompts, teachers, skipsOpen: true) { sample in
      count += 1
      for verdict in curator.verdicts(on: sample) { curation.record(verdict) }
    }
    let threadCount = ProcessInfo.processInfo.activeProcessorCount
    return (try await curation.joiningNearDuplicates(as: settings, threadCount: threadCount), count)
  }
}
