import Basics
import Conversation
import Lineage
import Networks
import Study
import Testing

/// Goes on with a text that it knows as long as it has read exactly that text's tokens; else it ends the line.
private struct RecitingModel: RunnableModel {
  var known: [String]
  let id = ContentID(of: "reciting")
  let path = "reciting"
  let note: String? = nil
  let vocabulary: Vocabulary
  let defaultContext = 64
  let logitKind = LogitKind.float

  init(knowing known: [String]) throws {
    self.known = known
    vocabulary = try Vocabulary(strings: [0x80: Array("tea".utf8), 0x81: Array("tee".utf8)], unknownToken: 0xFF)
  }

  func check(_ settings: TalkSettings) throws {}
  func image() throws -> [UInt8] { throw HintedError("no image") }
  func evaluation(of text: [UInt8], _ request: EvaluationRequest) async throws -> TextEvaluation {
    throw HintedError("not measured")
  }

  func engine(_ kind: HostEngine, context: Int) throws -> any LogitSource {
    RecitingSource(known: known.map { tokens($0) + [Document.separatorByte] })
  }

  /// Longest match by hand: both strings have three bytes, and nothing else is one.
  private func tokens(_ text: String) -> [UInt8] {
    Array(text.replacing("tea", with: "\u{1}").replacing("tee", with: "\u{2}").utf8)
      .map { $0 == 1 ? 0x80 : $0 == 2 ? 0x81 : $0 }
  }
}

private struct RecitingSource: LogitSource {
  var known: [[UInt8]]
  var read: [UInt8] = []
  let contextLength = 64

  mutating func reset() { read = [] }
  mutating func step(_ byte: UInt8) throws -> [Float] {
    read.append(byte)
    var logits = [Float](repeating: 0, count: 256)
    logits[Int(UInt8(ascii: "\n"))] = 1
    for tokens in known where tokens.count > read.count && tokens.starts(with: read) {
      logits[Int(tokens[read.count])] = 2
    }
    return logits
  }
  func sampler(_ sampling: Sampling?, stream: UInt64) throws -> any ByteSampler { GreedySampler() }
}

@Suite("prompts that end inside a word") struct HealingBenchTests {
  private static func document(_ text: String, _ split: Split = .heldOut) -> Document {
    Document(sampleID: ContentID(of: "sample"), indexInSample: 0, split: split, text: text)
  }

  @Test("a reply is cut behind each byte; only what the encoder holds back needs healing")
  func cuts() async throws {
    let documents = [
      Self.document("> q\n< tea tee"), Self.document("> r\n< tee"), Self.document("no reply"),
      Self.document("> s\n< tea", .train),
    ]
    let model = try RecitingModel(knowing: ["> q\n< tea tee", "> s\n< tea"])
    let bench = try await HealingBench(model, documents: documents, exchangeCount: 40)
    #expect(bench.askedCount == 2 && bench.givenCount == 1 && bench.exchangeCount == 1)
    // Behind "t" and "te" of both words.
    #expect(bench.cutCount == 9 && bench.heldCutCount == 4)
    #expect(bench.healed.rightCount == 9 && bench.healed.heldRightCount == 4)
    #expect(bench.plain.rightCount == 5 && bench.plain.heldRightCount == 0)
  }

  @Test("no more replies are cut than asked for")
  func limit() async throws {
    let texts = ["> q\n< a", "> r\n< bb"]
    let bench = try await HealingBench(
      try RecitingModel(knowing: texts), documents: texts.map { Self.document($0) }, exchangeCount: 1)
    #expect(bench.givenCount == 2 && bench.exchangeCount == 1 && bench.cutCount == 3 && bench.heldCutCount == 0)
  }

  @Test("a model that gives no reply has nothing to cut")
  func refusal() async throws {
    let model = try RecitingModel(knowing: [])
    await #expect(throws: HintedError.self) {
      try await HealingBench(model, documents: [Self.document("> q\n< tea")], exchangeCount: 1)
    }
  }
}
