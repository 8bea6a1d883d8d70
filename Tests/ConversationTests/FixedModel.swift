import Basics
import Conversation
import Lineage
import Networks

/// A model of fixed logits, with strings that begin alike.
struct FixedModel: RunnableModel {
  /// The likeliest first.
  var favourites: [UInt8]
  let id = ContentID(of: "fixed")
  let path = "fixed"
  let note: String? = nil
  let vocabulary: Vocabulary
  let defaultContext = 8
  let logitKind = LogitKind.float

  init(favourites: [UInt8]) throws {
    self.favourites = favourites
    vocabulary = try Vocabulary(
      strings: [0x80: Array("tea".utf8), 0x81: Array("tee".utf8), 0x82: Array("uv".utf8)], unknownToken: 0xFF)
  }

  func check(_ settings: TalkSettings) throws {}
  func image() throws -> [UInt8] { throw HintedError("no image") }
  func evaluation(of text: [UInt8], _ request: EvaluationRequest) async throws -> TextEvaluation {
    throw HintedError("not measured")
  }

  func engine(_ kind: HostEngine, context: Int) throws -> any LogitSource {
    var logits = [Float](repeating: 0, count: 256)
    for (rank, token) in favourites.enumerated() { logits[Int(token)] = Float(favourites.count - rank) }
    return FixedSource(logits: logits)
  }
}

private struct FixedSource: LogitSource {
  var logits: [Float]
  let contextLength = 8
  mutating func reset() {}
  mutating func step(_ byte: UInt8) throws -> [Float] { logits }
  func sampler(_ sampling: Sampling?, stream: UInt64) throws -> any ByteSampler { GreedySampler() }
}
