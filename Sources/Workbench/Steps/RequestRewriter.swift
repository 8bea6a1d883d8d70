import Basics
import Curation
import Evaluation
import Ledger
import Lineage
import Teachers

/// Asks a second teacher to say the requests of training documents in other words; with the reply that was there, each
/// becomes a document of its own.
///
/// What is held out is left alone: other words for it would teach what is to be measured. Questions and answers are in
/// the ledger like all others, so each is paid once, however often the corpus is curated.
struct RequestRewriter: Sendable {
  let section: Recipe.Rewrite
  let access: TeacherAccess
  let ledger: Ledger
  let budget: Budget
  let isUnchecked: Bool
  let boundary: ReplyBoundary
  /// Where the sampling seeds of several questions about one request start.
  let seed: UInt64
  let curation: CurationSettings

  /// A document, cut where its reply begins.
  private struct Exchange {
    var document: Document
    var request: String
    var reply: String
  }

  func settings() throws -> [String: String] {
    [
      "rewrite": try CanonicalJSON.text(section),
      "rewrite.teacher": try CanonicalJSON.text([access.profile.name, access.profile.model, try access.identity()]),
    ]
  }

  /// A curation with what the second teacher made of it.
  /// - Parameter judge: is asked about the new documents, too.
  /// - Returns: beside it, what both cost in this run, in US dollars.
  func rewritten(
    _ curation: Curation, judge: DocumentJudge?, _ progress: ProgressSink
  ) async throws -> (curation: Curation, cost: Double) {
    let (exchanges, frame) = exchanges(in: curation.documents)
    let outcome = try await ask(try prompts(exchanges, frame), frame, progress)
    var (fresh, cost) = (
      try made(of: outcome.samples, exchanges, frame, beside: curation), outcome.cost + outcome.possibleCost
    )
    if let judge, !fresh.documents.isEmpty {
      let (judged, judgeCost) = try await judge.judged(fresh, progress)
      (fresh, cost) = (judged, cost + judgeCost)
    }
    var result = curation
    for document in fresh.documents { result.record(.accepted(document)) }
    for rejection in fresh.rejections { result.record(.rejected(rejection)) }
    return (result, cost)
  }

  /// What is asked about documents.
  func prompts(_ documents: [Document]) throws -> [Prompt] {
    let (exchanges, frame) = exchanges(in: documents)
    return try prompts(exchanges, frame)
  }

  /// What is asked about an exchange without a text.
  func promptsOfBlank() throws -> [Prompt] {
    let document = Document(sampleID: ContentID(of: ""), indexInSample: 0, split: .train, text: "")
    return try prompts(
      [Exchange(document: document, request: "", reply: "")], RequestFrame(of: [], boundary: boundary))
  }

  private func exchanges(in documents: [Document]) -> (exchanges: [Exchange], frame: RequestFrame) {
    let exchanges = documents.filter { $0.split == .train }.compactMap(exchange)
    return (exchanges, RequestFrame(of: exchanges.map(\.request), boundary: boundary))
  }

  private func exchange(_ document: Document) -> Exchange? {
    let bytes = Array(document.text.utf8)
    guard let start = boundary.replyStart(in: bytes), start < bytes.count else { return nil }
    return Exchange(
      document: document, request: String(decoding: bytes[..<start], as: UTF8.self),
      reply: String(decoding: bytes[start...], as: UTF8.self))
  }

  /// As many of each request as the recipe says, which differ in their sampling seeds.
  private func prompts(_ exchanges: [Exchange], _ frame: RequestFrame) throws -> [Prompt] {
    var prompts: [Prompt] = []
    for exchange in exchanges {
      let text = section.prompt.filled(with: [
        Recipe.Rewrite.requestList: frame.body(of: exchange.request), Recipe.Rewrite.replyList: exchange.reply,
      ])
      for number in 0..<section.count {
        var generator = SeededGenerator(seed: seed).stream(UInt64(number))
        var sampling = access.profile.sampling
        // 31 bits, since some servers read the seed into 32.
        sampling.seed = generator.next() >> 33
        prompts.append(try Prompt(index: prompts.count, messages: [Message(.user, text)], sampling: sampling))
      }
    }
    return prompts
  }

  private func ask(_ prompts: [Prompt], _ frame: RequestFrame, _ progress: ProgressSink) async throws -> AskOutcome {
    guard !prompts.isEmpty else { return AskOutcome() }
    let options = Teacher.AskOptions(
      within: budget, checksFirstAnswers: !isUnchecked, isUsable: { Self.request(in: $0, frame, boundary) != nil })
    let done = Counter()
    return try await access.withTeacher { teacher in
      try await teacher.ask(prompts, store: LedgerAnswerStore(ledger), options: options) { event in
        switch event {
        case .answered, .reused, .refused: progress(await done.next(), of: prompts.count, "requests in other words")
        default: break
        }
      }
    }
  }
}

// MARK: - What comes back

extension RequestRewriter {
  private func made(
    of samples: [Sample], _ exchanges: [Exchange], _ frame: RequestFrame, beside known: Curation
  ) throws -> Curation {
    var settings = curation
    settings.boundary = .wholeAnswer
    var curator = try Curator(settings: settings)
    // So that nothing comes twice.
    for document in known.documents { _ = curator.verdicts(on: Self.sample(document.text)) }
    var result = Curation()
    for sample in samples {
      let exchange = exchanges[sample.promptIndex / section.count]
      guard let request = Self.request(in: sample, frame, boundary) else {
        result.record(.rejected(Self.rejection(of: sample)))
        continue
      }
      let text = frame.request(request) + exchange.reply
      for verdict in curator.verdicts(on: Self.sample(text)) {
        result.record(Self.traced(verdict, to: sample, from: exchange.document))
      }
    }
    return result
  }

  /// The verdict, as one on the second teacher's answer.
  private static func traced(_ verdict: Verdict, to sample: Sample, from original: Document) -> Verdict {
    switch verdict {
    case .accepted(var document):
      (document.sampleID, document.split, document.rewrittenFrom) = (sample.id, original.split, original.id)
      return .accepted(document)
    case .rejected(var rejection):
      rejection.sampleID = sample.id
      // Another teacher's repetition says nothing of how often people say it.
      rejection.matchedDocumentID = nil
      return .rejected(rejection)
    }
  }

  private static func rejection(of sample: Sample) -> Rejection {
    Rejection(
      sampleID: sample.id, indexInSample: 0, reason: .notARequest,
      detail: "the answer is empty, cut, or more than a request", text: sample.text)
  }

  private static func sample(_ text: String) -> Sample {
    Sample(promptID: ContentID(of: ""), promptIndex: 0, text: text, finishReason: .stop, model: "")
  }

  /// A request on one line: without white space, quotation marks and the corpus's own marks around it.
  private static func request(in sample: Sample, _ frame: RequestFrame, _ boundary: ReplyBoundary) -> String? {
    guard sample.finishReason == .stop else { return nil }
    // The mark may stand outside of the quotation marks, or inside.
    var request = Self.trimmed(frame.body(of: Self.trimmed(sample.text)))
    if request.count > 1, request.first == "\"", request.last == "\"" {
      request = Self.trimmed(frame.body(of: String(request.dropFirst().dropLast())))
    }
    guard !request.isEmpty, !request.contains(where: \.isNewline),
      boundary.replyStart(in: Array(request.utf8)) == nil
    else { return nil }
    return request
  }

  private static func trimmed(_ text: String) -> String {
    let rest = text.drop { $0.isWhitespace }
    return String(rest.reversed().drop { $0.isWhitespace }.reversed())
  }
}
