import Basics
import Lineage
import Workbench

extension StudioCalls {
  struct TextsRequest: Decodable {
    var corpus: String
    var only: ReviewQuery.Only?
    var split: Split?
    var reason: RejectionReason?
    var words: String?
    var order: ReviewQuery.Order?
    /// `list=word`.
    var label: String?
    var seed: UInt64?
    var offset: Int?
    var limit: Int?
  }

  struct Texts: Encodable {
    var texts: [ReviewText]
    var count: Int
    var standing: Standing
  }

  /// Decisions that stand, and whether the documents are as they say.
  struct Standing: Encodable {
    var count: Int
    var isWaiting: Bool
  }

  func texts(_ request: TextsRequest) async throws -> Texts {
    let desk = try workbench.review(request.corpus)
    guard desk.isCurated else {
      throw StudioRefusal.nothingYet(
        "\(request.corpus) has no documents yet.", command: "alambic make \(request.corpus) --until curate")
    }
    var query = ReviewQuery(seed: request.seed ?? 0, limit: request.limit ?? 30)
    query.offset = request.offset ?? 0
    guard (1...200).contains(query.limit), ReviewQuery.offsets.contains(query.offset) else {
      throw StudioRefusal(400, "a page has 1 to 200 texts, and starts at most \(ReviewQuery.offsets.upperBound) on")
    }
    (query.only, query.split, query.reason, query.words) = (
      request.only, request.split, request.reason, request.words
    )
    query.order = request.order ?? .random
    query.label = request.label.flatMap { ReviewQuery.Label($0) }
    let page = try await desk.page(query)
    return Texts(texts: page.texts, count: page.count, standing: try await standing(desk))
  }

  /// What texts can be chosen by.
  struct Choices: Encodable {
    struct List: Encodable {
      var name: String
      var words: [String]
    }
    var labels: [List]
    var hasScores: Bool
  }

  /// A page offers no more words of a list.
  private static let wordLimit = 500

  func choices(_ request: CorpusRequest) throws -> Choices {
    let desk = try workbench.review(request.corpus)
    return Choices(
      labels: desk.choices().map { Choices.List(name: $0.list, words: Array($0.words.prefix(Self.wordLimit))) },
      hasScores: desk.hasScores)
  }

  private func standing(_ desk: ReviewDesk) async throws -> Standing {
    let (count, isWaiting) = try await desk.standing()
    return Standing(count: count, isWaiting: isWaiting)
  }

  struct DecideRequest: Decodable {
    var corpus: String
    var id: ContentID
    var ruling: Decision.Ruling
    var reason: String?
    var newText: String?
  }

  struct Decided: Encodable {
    /// Nil where there was nothing to undo.
    var decision: Decision?
    /// What stands again about the same text, after an undoing.
    var before: Decision?
    var standing: Standing
  }

  func decide(_ request: DecideRequest) async throws -> Decided {
    let desk = try workbench.review(request.corpus)
    let decision = try await desk.decide(
      request.ruling, on: request.id, reason: request.reason ?? "", newText: request.newText)
    return Decided(decision: decision, standing: try await standing(desk))
  }

  func undo(_ request: CorpusRequest) async throws -> Decided {
    let desk = try workbench.review(request.corpus)
    let decision = try await desk.undo()
    let before = try decision.flatMap { try desk.standingDecision(about: $0.textID) }
    return Decided(decision: decision, before: before, standing: try await standing(desk))
  }
}
