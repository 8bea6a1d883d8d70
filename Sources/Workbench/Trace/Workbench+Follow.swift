import Basics
import Formats
import Ledger
import Lineage

extension Workbench {
  func follow(_ text: TracedText, into trace: inout Trace) async throws {
    switch text {
    case .chunk(let chunk, let split, let corpus):
      trace.add("chunk", chunk.id, depth: 0, "\(split.rawValue) chunk \(chunk.index) of \(corpus)")
      for document in try documents(in: chunk, split, corpus) {
        try await follow(document, of: corpus, depth: 1, into: &trace)
      }
    case .document(let document, let corpus):
      try await follow(document, of: corpus, depth: 0, into: &trace)
    case .rejection(let rejection, let id, let corpus):
      trace.add(
        "rejection", id, depth: 0,
        "refused by \(corpus)'s curation as \(rejection.reason.rawValue): \(rejection.detail)")
      try await follow(sample: rejection.sampleID, of: corpus, depth: 1, into: &trace)
    }
  }

  private func documents(in chunk: Chunk, _ split: Split, _ corpus: String) throws -> [Document] {
    let spans = try ShardReader(folder: workspace.shards(corpus)).documents(inChunk: chunk.index, of: split)
    let wanted = Set(spans.map(\.id))
    let found = try RecordFile.read(Document.self, workspace.documentsFile(corpus)).filter { wanted.contains($0.id) }
    return spans.compactMap { span in found.first { $0.id == span.id } }
  }

  private func follow(_ document: Document, of corpus: String, depth: Int, into trace: inout Trace) async throws {
    trace.add(
      "document", document.id, depth: depth,
      "\(document.split.rawValue)\(document.judgement.map { ", judged \($0)" } ?? "")"
        + "\(document.rewrittenFrom.map { ", the request in other words than in \($0.short)" } ?? ""): \(document.text)"
    )
    try await follow(sample: document.sampleID, of: corpus, depth: depth + 1, into: &trace)
  }

  /// - Parameter corpus: nil where the id says nothing of it.
  private func follow(
    sample id: ContentID, of corpus: String?, depth: Int, into trace: inout Trace
  ) async throws {
    if trace.holds(id) { return trace.add("sample", id, depth: depth, "as above") }
    guard let request = try await ledger.request(sampleID: id) else {
      return trace.add("sample", id, depth: depth, "a fetched text")
    }
    trace.add("sample", id, depth: depth, "an answer of \(request.model)")
    try await follow(request: request.id, of: corpus, depth: depth + 1, into: &trace)
  }

  private func follow(
    request id: ContentID, of corpus: String?, depth: Int, into trace: inout Trace
  ) async throws {
    guard let request = try await ledger.request(id: id) else { return }
    trace.add("request", id, depth: depth, "to \(request.endpoint)")
    trace.add("prompt", request.promptID, depth: depth + 1, request.question)
    for corpus in try corpus.map({ [$0] }) ?? CorpusFolder.names(in: folders) {
      // A recipe that cannot be read today takes nothing from what is known otherwise.
      let known = trace.pieces[corpus] ?? (try? pieces(of: corpus)) ?? [:]
      trace.pieces[corpus] = known
      for piece in known[request.promptID] ?? [] {
        trace.add(
          piece.list, ContentID(of: piece.text), depth: depth + 2, "Corpora/\(corpus)/\(piece.place): \(piece.text)")
      }
    }
  }

  func follow(_ entry: LedgerEntry, into trace: inout Trace) async throws {
    switch entry {
    case .artifact(let id): try await follow(artifact: id, depth: 0, into: &trace)
    case .sample(let id): try await follow(sample: id, of: nil, depth: 0, into: &trace)
    case .request(let id): try await follow(request: id, of: nil, depth: 0, into: &trace)
    case .receipt: return
    }
  }

  /// An artifact, what made it, and everything that went in, each once.
  private func follow(artifact id: ContentID, depth: Int, into trace: inout Trace) async throws {
    if trace.holds(id) { return }
    guard let artifact = try await ledger.artifact(id: id) else { return }
    let receipt = try await ledger.receipt(producing: id)
    let maker =
      receipt.map { "`\($0.stage.rawValue)`\($0.corpus.map { " of \($0)" } ?? ""): \($0.summary)" } ?? "not made here"
    trace.add(artifact.kind.rawValue, id, depth: depth, "\(artifact.path ?? "in the ledger") · \(maker)")
    for input in receipt?.inputs ?? [] { try await follow(artifact: input.id, depth: depth + 1, into: &trace) }
  }
}

extension TeacherRequest {
  /// The last thing that was said to the teacher before it said anything, and how often it was asked to mend that; the
  /// whole payload for a dialect that has no messages.
  fileprivate var question: String {
    struct Payload: Decodable {
      var messages: [Message]?
      var prompt: String?
    }
    let payload = try? CanonicalJSON.decode(Payload.self, from: Array(self.payload.utf8))
    guard let messages = payload?.messages else { return payload?.prompt ?? self.payload }
    let asked = messages.prefix { $0.role != .assistant }.last?.content ?? self.payload
    let turns = messages.count { $0.role == .assistant }
    return turns == 0 ? asked : "\(asked) (sent back \(turns == 1 ? "once" : "\(turns) times"))"
  }
}
