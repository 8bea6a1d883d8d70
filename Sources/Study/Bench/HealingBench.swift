import Basics
import Conversation
import Formats
import Lineage
import Vocabularies

/// What healing is worth: requests with the beginning of their right reply, cut at every byte of it, and continued.
///
/// Only exchanges are cut whose reply the model gives letter by letter when it is asked with the request alone, so that
/// there is one right way to go on.
public struct HealingBench: Codable, Sendable {
  /// Continuations that complete the reply, letter by letter.
  public struct Tally: Codable, Sendable {
    /// After all of the cuts.
    public var rightCount: Int
    /// After the cuts at whose end an encoder holds bytes back.
    public var heldRightCount: Int
  }

  public var image: ContentID
  /// Held-out exchanges that were asked, and of these the ones whose reply the model gives.
  public var askedCount: Int
  public var givenCount: Int
  /// Of the latter, the first ones, which were cut.
  public var exchangeCount: Int
  public var cutCount: Int
  /// Cuts at whose end an encoder holds bytes back, since they may become part of a longer token.
  public var heldCutCount: Int
  /// As every talk continues.
  public var healed: Tally
  /// With the prompt's end read as it stands.
  public var plain: Tally

  public static let standardExchangeCount = 40
  /// The most bytes of a continuation.
  private static let byteLimit = 512

  /// - Parameter threadCount: no part of the result; all cores when nil.
  /// - Throws: `HintedError` where the model gives no held-out document's reply.
  public init(
    _ model: any RunnableModel, documents: [Document], exchangeCount: Int, threadCount: Int? = nil
  ) async throws {
    let exchanges = documents.filter { $0.split == .heldOut }.compactMap { Exchange($0) }
    let ask = { (prompts: [[UInt8]], healing: Bool) in
      try await model.replies(
        to: prompts, on: model.shippedEngine, byteLimit: Self.byteLimit, healing: healing, threadCount: threadCount)
    }
    let replies = try await ask(exchanges.map(\.request), true)
    let given = zip(exchanges, replies).filter { $0.reply == $1.bytes && $1.isComplete }.map(\.0)
    guard !given.isEmpty else {
      throw HintedError(
        "the model gives the reply of none of \(exchanges.count) held-out documents, so there is nothing to cut",
        hint: "name the documents that it was trained on", status: .answerIsNo)
    }
    let encoder = TokenEncoder(model.vocabulary)
    let cuts = given.prefix(exchangeCount).flatMap { $0.cuts(encoder) }
    image = model.id
    askedCount = exchanges.count
    givenCount = given.count
    self.exchangeCount = min(exchangeCount, given.count)
    cutCount = cuts.count
    heldCutCount = cuts.count { $0.isHeld }
    healed = Self.tally(cuts, try await ask(cuts.map(\.prompt), true))
    plain = Self.tally(cuts, try await ask(cuts.map(\.prompt), false))
  }

  private static func tally(_ cuts: [Cut], _ replies: [ModelReply]) -> Tally {
    let right = zip(cuts, replies).filter { $0.rest == $1.bytes && $1.isComplete }.map(\.0)
    return Tally(rightCount: right.count, heldRightCount: right.count { $0.isHeld })
  }
}

/// A request with its line end, and the first line of what follows.
private struct Exchange {
  let request: [UInt8]
  let reply: [UInt8]

  /// Nil for a document without a reply.
  init?(_ document: Document) {
    let text = Array(document.text.utf8)
    guard let start = ReplyBoundary.afterFirstLine.replyStart(in: text), start < text.count else { return nil }
    request = Array(text[..<start])
    reply = Array(text[start...].prefix { $0 != UInt8(ascii: "\n") })
  }

  /// Behind each byte of the reply.
  func cuts(_ encoder: TokenEncoder) -> [Cut] {
    guard !reply.isEmpty else { return [] }
    return (1...reply.count).map { count in
      let prompt = request + reply.prefix(count)
      var (reader, tokens) = (encoder, [UInt8]())
      reader.put(prompt, to: &tokens)
      return Cut(prompt: prompt, rest: Array(reply.dropFirst(count)), isHeld: !reader.pending.isEmpty)
    }
  }
}

/// A prompt that ends inside a reply, and the rest of that reply.
private struct Cut {
  let prompt: [UInt8]
  let rest: [UInt8]
  let isHeld: Bool
}
