import Basics
import Conversation
import Formats
import Foundation
import Lineage
import Workbench

extension StudioCalls {
  struct TalkRequest: Decodable {
    var corpus: String
    var prompt: String
    var temperature: Double?
    var seed: UInt64?
    var limit: Int?
  }

  struct Talk: Encodable {
    struct Token: Encodable {
      struct Alternative: Encodable {
        var bytes: [UInt8]
        var share: Double
      }
      var bytes: [UInt8]
      /// Bits: how undecided the model was before it chose.
      var entropy: Double
      /// The share that the model gave to what was said.
      var share: Double
      var alternatives: [Alternative]
    }
    var tokens: [Token]
    /// Whether the student came to an end by itself.
    var isComplete: Bool
  }

  private static let tokenLimit = 1000
  private static let promptByteLimit = 16_384

  func talk(_ request: TalkRequest) async throws -> Talk {
    let corpus = try CorpusFolder.open(request.corpus, in: workbench.folders)
    let image = workbench.workspace.image(corpus.name)
    guard FileManager.default.fileExists(atPath: image) else {
      throw StudioRefusal.nothingYet(
        "\(corpus.name) has no student yet.", command: "alambic make \(corpus.name) --until export")
    }
    let limit = request.limit ?? 300
    guard (1...Self.tokenLimit).contains(limit) else {
      throw StudioRefusal(400, "an answer has 1 to \(Self.tokenLimit) tokens")
    }
    guard (1...Self.promptByteLimit).contains(request.prompt.utf8.count) else {
      throw StudioRefusal(400, "a prompt has 1 to \(Self.promptByteLimit) bytes")
    }
    let model = try ModelFile(reading: image).speaking()
    let speech = try model.speech(
      SpeechRequest(
        prompt: Array(request.prompt.utf8), temperature: min(max(request.temperature ?? 0, 0), 10),
        seed: request.seed ?? 0))
    return try await continued(speech, model, limit)
  }

  private func continued(_ speech: any Speech, _ model: any SpeakingModel, _ limit: Int) async throws -> Talk {
    var (speech, talk) = (speech, Talk(tokens: [], isComplete: false))
    while try speech.read() != nil { try await pause() }
    while talk.tokens.count < min(limit, speech.room ?? .max), !talk.isComplete {
      try await pause()
      let spoken = try speech.say()
      if spoken.isRepetition { continue }
      talk.isComplete = spoken.isEnd
      if !spoken.isEnd { talk.tokens.append(Self.token(spoken, model)) }
    }
    return talk
  }

  /// So that other requests are served, too, and none of a page that has gone.
  private func pause() async throws {
    await Task.yield()
    try Task.checkCancellation()
  }

  private static func token(_ spoken: SpokenToken, _ model: any SpeakingModel) -> Talk.Token {
    guard let expected = spoken.distribution else {
      return Talk.Token(bytes: spoken.bytes, entropy: 0, share: 1, alternatives: [])
    }
    return Talk.Token(
      bytes: spoken.bytes, entropy: expected.entropy, share: exp(expected.logprob(of: spoken.token)),
      alternatives: expected.likeliest(3).map {
        Talk.Token.Alternative(
          bytes: Array(model.bytes(of: $0.token).dropFirst(spoken.heldByteCount)), share: exp($0.logprob))
      })
  }
}
