import Basics
import Lineage
import Similarity

/// Makes the sets of questions of a corpus.
public struct Questionnaire: Sendable {
  private let heldOut: [Example]
  /// Wordings: who has read a request has read it in capitals, too.
  private let seen: Set<Wording>
  private let frame: RequestFrame
  private let refusals: RefusalMarks
  private let perturber: Perturber
  private let limit: Int
  private let seed: UInt64

  /// - Parameters:
  ///   - training: what training saw; none of these requests is asked, nor one that differs from it in case, blanks
  ///     and punctuation alone.
  ///   - heldOut: in the order of the documents.
  ///   - knownWords: words that no typo may make of another, such as the lists' of the recipe; those of training's
  ///     requests are added.
  ///   - limit: most questions of a set; where there are more, a seeded choice of them is asked, in their order.
  public init(
    training: [Example], heldOut: [Example], boundary: ReplyBoundary, refusals: RefusalMarks = RefusalMarks(),
    knownWords: [String] = [], limit: Int, seed: UInt64
  ) {
    self.heldOut = heldOut
    self.refusals = refusals
    self.limit = limit
    self.seed = seed
    let requests = Set(training.map(\.request))
    seen = Set(requests.map { Wording(of: $0) })
    let frame = RequestFrame(of: requests.isEmpty ? heldOut.map(\.request) : Array(requests), boundary: boundary)
    self.frame = frame
    perturber = Perturber(frame: frame, knownWords: knownWords + requests, seed: seed)
  }

  /// Every set that can be made, in the order of `QuestionSet`.
  /// - Parameters:
  ///   - phrasings: exchanges in words that training never saw.
  ///   - offTopic, outOfRange: requests to be refused, with or without their mark.
  public func questions(
    phrasings: [Example] = [], offTopic: [String] = [], outOfRange: [String] = []
  ) -> [Question] {
    QuestionSet.allCases.flatMap { set in
      switch set {
      case .heldOut: questions(of: heldOut, as: set)
      case .phrasings: questions(of: phrasings, as: set)
      case .typo, .letterCase, .punctuation: perturbed(questions(of: heldOut, as: .heldOut), as: set)
      case .offTopic: toBeRefused(offTopic, as: set)
      case .outOfRange: toBeRefused(outOfRange, as: set)
      }
    }
  }

  /// A question a request; documents that share one give their replies together, since asking twice proves nothing.
  private func questions(of examples: [Example], as set: QuestionSet) -> [Question] {
    var order: [String] = []
    var byRequest: [String: [Example]] = [:]
    for example in examples where !isSeen(example.request) {
      if byRequest[example.request] == nil { order.append(example.request) }
      byRequest[example.request, default: []].append(example)
    }
    return chosen(order).map { request in
      let group = byRequest[request] ?? []
      let replies = group.map(\.reply)
      return Question(
        set: set, request: request, expectedReplies: replies, label: group.lazy.compactMap(\.label).first,
        expectation: refusals.expectation(replies))
    }
  }

  private func perturbed(_ questions: [Question], as set: QuestionSet) -> [Question] {
    var asked: Set<String> = []
    return questions.compactMap { question in
      guard let request = perturber.perturbed(question.request, as: set), !isSeen(request),
        asked.insert(request).inserted
      else { return nil }
      var question = question
      question.set = set
      question.request = request
      return question
    }
  }

  private func toBeRefused(_ lines: [String], as set: QuestionSet) -> [Question] {
    var asked: Set<String> = []
    let requests = lines.map(frame.request).filter { !isSeen($0) && asked.insert($0).inserted }
    return chosen(requests).map { Question(set: set, request: $0, expectation: .refusal) }
  }

  private func isSeen(_ request: String) -> Bool { seen.contains(Wording(of: request)) }

  /// A seeded choice of at most `limit`, in their order.
  private func chosen(_ requests: [String]) -> [String] {
    guard requests.count > limit else { return requests }
    var random = SeededGenerator(seed: seed).stream(1)
    var indices = Array(requests.indices)
    for place in 0..<limit { indices.swapAt(place, place + random.below(indices.count - place)) }
    return indices.prefix(limit).sorted().map { requests[$0] }
  }
}
