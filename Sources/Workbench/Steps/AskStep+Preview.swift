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
  public var judge: SecondTeacher?
  /// The same of who says requests in other words. Where a judge comes first, it asks about fewer.
  public var rewriter: SecondTeacher?
  /// The first prompt as it would be sent.
  public var firstPrompt: [Message]

  public struct SecondTeacher: Codable, Sendable {
    public var teacher: String
    public var model: String
    /// Questions without a stored answer: of documents that are there, and of as many to come as answers have brought
    /// so far, one each before there is any.
    public var requestCount: Int
    /// US dollars, if every answer to come is as long as it may be, and every answer of the second teacher, too.
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
    try await addSecondTeachers(to: &preview, unconnected)
    return preview
  }

  /// What curation asks of second teachers, once the answers are there: the judge, and who rewrites requests.
  private func addSecondTeachers(to preview: inout AskPreview, _ teachers: [String: Teacher]) async throws {
    guard judge != nil || rewriter != nil, let curation else { return }
    let (known, answerCount) = try await curatedSoFar(curation, teachers)
    let perAnswer = answerCount == 0 ? 1 : Double(known.documents.count) / Double(answerCount)
    let coming = ComingDocuments(
      count: Int((perAnswer * Double(preview.requestCount)).rounded(.up)),
      maximumTokenCount: preview.maximumCompletionTokenCount, heldOutFraction: curation.heldOutFraction)
    if let judge {
      preview.judge = try await judge.access.preview(
        asked: judge.prompts(known.documents), perDocument: judge.prompts([.blank]), coming, in: ledger)
    }
    if let rewriter {
      // What is held out is left alone.
      preview.rewriter = try await rewriter.access.preview(
        asked: rewriter.prompts(known.documents), perDocument: rewriter.promptsOfBlank(), coming.trained, in: ledger)
    }
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

/// Documents that are expected of answers to come.
private struct ComingDocuments {
  var count: Int
  /// Of all of them together: they have no more tokens than the answers that hold them.
  var maximumTokenCount: Int
  var heldOutFraction: Double

  /// Those that training sees.
  var trained: ComingDocuments {
    ComingDocuments(
      count: Int((Double(count) * (1 - heldOutFraction)).rounded(.up)), maximumTokenCount: maximumTokenCount,
      heldOutFraction: heldOutFraction)
  }
}

extension TeacherAccess {
  /// - Parameters:
  ///   - asked: about documents that are there.
  ///   - perDocument: what is asked about one document, without its text.
  fileprivate func preview(
    asked: [Prompt], perDocument: [Prompt], _ coming: ComingDocuments, in ledger: Ledger
  ) async throws -> AskPreview.SecondTeacher {
    let teacher = try unconnected()
    let open = try await teacher.estimate(PromptStream(asked), store: LedgerAnswerStore(ledger))
    let questions = perDocument.map { teacher.worstCost(of: $0) * Double(coming.count) }.reduce(0, +)
    let tokenCount = coming.count == 0 ? 0 : coming.maximumTokenCount * perDocument.count
    let texts = profile.price.cost(of: TokenUsage(promptTokenCount: tokenCount))
    return AskPreview.SecondTeacher(
      teacher: profile.name, model: profile.model, requestCount: open.requestCount + coming.count * perDocument.count,
      maximumCost: open.maximumCost + questions + texts)
  }
}

extension Document {
  /// Stands for one that is not there yet.
  fileprivate static var blank: Document {
    Document(sampleID: ContentID(of: ""), indexInSample: 0, split: .train, text: "")
  }
}
