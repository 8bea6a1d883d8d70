import Foundation
import Lineage
import Networks
import Vocabularies

/// What a model said to a request, up to the end of the line or of the document.
public struct ModelReply: Hashable, Sendable {
  /// Without the byte that ended it.
  public var bytes: [UInt8]
  /// Whether it ended by itself, and not by the limit.
  public var isComplete: Bool
  /// Bytes of the request that no token stands for.
  public var unknownByteCount: Int
  /// Tokens that were chosen, with those that healed the request's end and the one that ended the reply.
  public var tokenCount = 0
}

extension RunnableModel {
  /// Asks many requests, each from an empty state, greedily.
  /// - Parameters:
  ///   - context: T; nil for the model's own.
  ///   - byteLimit: the most bytes of a reply.
  ///   - healing: whether a request that ends inside a word is healed, as in every talk; a measurement may leave it
  ///     out.
  ///   - threadCount: no part of the result; all cores when nil.
  public func replies(
    to requests: [[UInt8]], on engine: HostEngine, context: Int? = nil, byteLimit: Int, healing: Bool = true,
    threadCount: Int? = nil
  ) async throws -> [ModelReply] {
    let threadCount = max(1, threadCount ?? ProcessInfo.processInfo.activeProcessorCount)
    let context = context ?? defaultContext
    let encoder = TokenEncoder(vocabulary)
    return try await withThrowingTaskGroup(of: [(Int, ModelReply)].self) { group in
      for thread in 0..<threadCount {
        group.addTask {
          var source = try self.engine(engine, context: context)
          return try stride(from: thread, to: requests.count, by: threadCount).map { index in
            try Task.checkCancellation()
            return (index, try source.reply(to: requests[index], encoder, byteLimit: byteLimit, isHealed: healing))
          }
        }
      }
      var replies = [ModelReply?](repeating: nil, count: requests.count)
      for try await part in group { for (index, reply) in part { replies[index] = reply } }
      return replies.compactMap(\.self)
    }
  }
}

extension LogitSource {
  fileprivate mutating func reply(
    to request: [UInt8], _ encoder: TokenEncoder, byteLimit: Int, isHealed: Bool
  ) throws -> ModelReply {
    let read = try PromptTokens(request, encoder, isHealed: isHealed)
    var listener = ReplyListener(to: read, in: encoder.vocabulary, byteLimit: byteLimit)
    reset()
    var logits: [Float] = []
    for token in read.tokens { logits = try step(token) }
    while !listener.isDone {
      let token = listener.healing.isDone ? greedyByte(logits) : listener.healing.choice(logits)
      listener.hear(token)
      if !listener.isDone { logits = try step(token) }
    }
    return listener.reply
  }
}

/// Takes down a reply as its tokens come, from whatever engine.
struct ReplyListener {
  private(set) var reply: ModelReply
  private(set) var healing: Healing
  private let vocabulary: Vocabulary
  private var room: Int

  private static let ends: Set<[UInt8]> = [[Document.separatorByte], [UInt8(ascii: "\n")]]

  init(to request: PromptTokens, in vocabulary: Vocabulary, byteLimit: Int) {
    reply = ModelReply(bytes: [], isComplete: false, unknownByteCount: request.unknownByteCount)
    healing = Healing(vocabulary, rest: request.held)
    self.vocabulary = vocabulary
    room = byteLimit
  }

  /// Whether the reply has ended, or has no room for more.
  var isDone: Bool { reply.isComplete || room <= 0 }

  mutating func hear(_ token: UInt8) {
    let wasHealing = !healing.isDone
    let bytes = healing.consume(token)
    reply.isComplete = Self.ends.contains(bytes)
    reply.tokenCount += 1
    room -= vocabulary.roomTaken(by: bytes, isHealing: wasHealing)
    if !reply.isComplete { reply.bytes += bytes }
  }
}
