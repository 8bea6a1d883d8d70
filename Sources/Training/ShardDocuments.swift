import Basics
import Formats
import Lineage
import Synchronization

/// The documents of a shard set's split, read chunk by chunk when they are asked for, so that a corpus need not fit
/// into memory. What it keeps is bounded: the tokens of the documents that were read first, up to `cacheByteCount`,
/// and the reader's frames.
///
/// Draws come in a random order, so no document is worth more than another, and one that was kept stays.
public final class ShardDocuments: DocumentSource {
  /// 128 MiB of tokens, some 300 MB of text.
  public static let defaultCacheByteCount = 128 << 20

  public let id: ContentID
  public let documentCount: Int
  private let split: Split
  private let reply: ReplyBoundary?
  private let variation: Variation?
  private let encode: @Sendable ([UInt8]) -> [UInt8]
  private let state: Mutex<State>

  private struct State {
    var reader: ShardReader
    var cache: TokenCache
  }

  /// How a document's text differs from draw to draw.
  public struct Variation: Sendable {
    /// Names what it does: part of the documents' id.
    let id: ContentID
    /// What stands before the reply, varied.
    package let prompt: @Sendable ([UInt8], inout SeededGenerator) -> [UInt8]

    public init(id: ContentID, prompt: @escaping @Sendable ([UInt8], inout SeededGenerator) -> [UInt8]) {
      self.id = id
      self.prompt = prompt
    }
  }

  private struct Identity: Encodable {
    var schema = "alambic.training-documents/1"
    var content: ContentID
    var documentTable: ContentID
    var vocabulary: ContentID?
    var reply: ReplyBoundary?
    var variation: ContentID?
  }

  /// - Parameters:
  ///   - folder: of the shard set.
  ///   - reply: where a document's reply begins; nil where documents have none.
  ///   - vocabularyID: names what `encode` does; nil for bytes.
  ///   - variation: of what stands before the reply, where it is drawn; nil for none.
  ///   - encode: a text's tokens. No token may lie across a line end or a mark where a reply begins.
  /// - Throws: `HintedError` for a set that is missing or damaged.
  public init(
    folder: String, split: Split, reply: ReplyBoundary? = nil, vocabularyID: ContentID? = nil,
    variation: Variation? = nil, cacheByteCount: Int = defaultCacheByteCount,
    encode: @escaping @Sendable ([UInt8]) -> [UInt8] = { $0 }
  ) throws {
    let reader = try ShardReader(folder: folder)
    let entry = reader.index[split]
    id = try ContentID(
      ofCanonical: Identity(
        content: entry.contentID, documentTable: entry.documentTable.id, vocabulary: vocabularyID, reply: reply,
        variation: variation?.id))
    documentCount = entry.documentCount
    self.split = split
    self.reply = reply
    self.variation = variation
    self.encode = encode
    state = Mutex(State(reader: reader, cache: TokenCache(byteLimit: cacheByteCount)))
  }

  public func repeats(of index: Int) throws -> Int {
    try state.withLock { try $0.reader.documentTable(of: split).document(at: index).repeats }
  }

  public func read(_ index: Int, into tokens: inout [UInt8]) throws -> Int? {
    try read(index, into: &tokens) { $0 }
  }

  public func read(_ index: Int, varied random: SeededGenerator, into tokens: inout [UInt8]) throws -> Int? {
    guard let variation else { return try read(index, into: &tokens) }
    var random = random
    return try read(index, into: &tokens) { variation.prompt($0, &random) }
  }

  /// What is kept is a text where documents are varied, and else its tokens.
  private func read(
    _ index: Int, into tokens: inout [UInt8], vary: ([UInt8]) -> [UInt8]
  ) throws -> Int? {
    tokens.removeAll(keepingCapacity: true)
    let kept = try kept(index)
    guard variation != nil else {
      tokens.append(contentsOf: kept.tokens)
      return kept.replyStart
    }
    guard let start = kept.replyStart else {
      tokens.append(contentsOf: encode(kept.tokens))
      return nil
    }
    tokens.append(contentsOf: encode(vary(Array(kept.tokens[..<start]))))
    let replyStart = tokens.count
    tokens.append(contentsOf: encode(Array(kept.tokens[start...])))
    return replyStart
  }

  private func kept(_ index: Int) throws -> (tokens: [UInt8], replyStart: Int?) {
    // What a closure passed to `withLock` changes must be its own.
    try state.withLock { state throws -> (tokens: [UInt8], replyStart: Int?) in
      if let kept = state.cache.document(index) { return kept }
      let text = try state.reader.text(ofDocument: index, in: split)
      let document =
        variation == nil
        ? TokenDocument(text: text, reply: reply, encode: encode) : TokenDocument(text: text, reply: reply)
      state.cache.keep(document, as: index)
      return (document.tokens, document.replyStart)
    }
  }
}
