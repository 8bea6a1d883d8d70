import Basics
import Lineage

/// The documents of one side of a corpus, as tokens: what training on documents reads, one at a time and in any order.
public protocol DocumentSource: Sendable {
  /// Names every document's tokens, reply and repeats: what a checkpoint remembers of its data.
  var id: ContentID { get }
  var documentCount: Int { get }
  /// Nil for texts. Else a document's tokens are so many for each step, which reads them as one, then an answer for
  /// each step, 0 where none counts.
  var tokensPerStep: Int? { get }
  /// How often a document was said, at least once.
  /// - Throws: `HintedError` where the document cannot be read.
  func repeats(of index: Int) throws -> Int
  /// Reads one document; may be called by several threads at once.
  /// - Parameter tokens: its content becomes the document's tokens, without the separator behind it.
  /// - Returns: where the reply begins: the number of tokens before it; nil for a document that has no reply.
  /// - Throws: `HintedError` where the document cannot be read.
  func read(_ index: Int, into tokens: inout [UInt8]) throws -> Int?
  /// Reads one document as training meets it: a source may vary it, and the same generator varies it alike.
  func read(_ index: Int, varied random: SeededGenerator, into tokens: inout [UInt8]) throws -> Int?
}

extension DocumentSource {
  public var tokensPerStep: Int? { nil }

  public func read(_ index: Int, varied random: SeededGenerator, into tokens: inout [UInt8]) throws -> Int? {
    try read(index, into: &tokens)
  }
}

/// A document's tokens.
public struct TokenDocument: Hashable, Codable, Sendable {
  public var tokens: [UInt8]
  /// How many tokens stand before its reply; nil where it has none.
  public var replyStart: Int?
  public var repeats: Int

  public init(tokens: [UInt8], replyStart: Int? = nil, repeats: Int = 1) {
    self.tokens = tokens
    self.replyStart = replyStart
    self.repeats = repeats
  }

  /// Encodes a text, prompt and reply apart, so that no token lies across the place where the reply begins.
  public init(
    text: [UInt8], repeats: Int = 1, reply: ReplyBoundary? = nil, encode: ([UInt8]) -> [UInt8] = { $0 }
  ) {
    self.repeats = repeats
    guard let start = reply?.replyStart(in: text) else {
      tokens = encode(text)
      return
    }
    let prompt = encode(Array(text[..<start]))
    tokens = start < text.count ? prompt + encode(Array(text[start...])) : prompt
    replyStart = prompt.count
  }
}

/// Documents in memory.
public struct DocumentList: DocumentSource {
  public let id: ContentID
  private let documents: [TokenDocument]

  public init(_ documents: [TokenDocument]) throws {
    id = try ContentID(ofCanonical: documents)
    self.documents = documents
  }

  public var documentCount: Int { documents.count }

  public func repeats(of index: Int) -> Int { documents[index].repeats }

  public func read(_ index: Int, into tokens: inout [UInt8]) -> Int? {
    tokens.removeAll(keepingCapacity: true)
    tokens.append(contentsOf: documents[index].tokens)
    return documents[index].replyStart
  }
}
