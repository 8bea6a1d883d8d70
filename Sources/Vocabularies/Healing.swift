import Lineage

/// What a prompt that ends inside a word asks of the tokens that continue it.
///
/// The bytes that an encoder holds back at a prompt's end are not read as they stand: they would be split in a way that
/// training never showed. Instead only tokens are chosen that go on with them, until they are used up
/// ("token healing", as Guidance calls it).
public struct Healing: Sendable {
  private let vocabulary: Vocabulary
  /// The bytes that the next tokens have to begin with.
  public private(set) var rest: [UInt8]

  public init(_ vocabulary: Vocabulary, rest: [UInt8]) {
    self.vocabulary = vocabulary
    self.rest = rest
  }

  /// Whether every token is allowed.
  public var isDone: Bool { rest.isEmpty }

  /// Whether a token begins with the rest, or the rest with it. Some token always does: the rest's first byte.
  public func allows(_ token: UInt8) -> Bool {
    let text = vocabulary.tokens[Int(token)]
    return rest.isEmpty || !text.isEmpty && (text.starts(with: rest) || rest.starts(with: text))
  }

  /// By token.
  public var allowed: [Bool] { (UInt8.min...UInt8.max).map(allows) }

  /// Takes a chosen token's bytes from the rest.
  /// - Returns: the token's bytes beyond the rest: what is new to the reader.
  public mutating func consume(_ token: UInt8) -> [UInt8] {
    let text = vocabulary.tokens[Int(token)]
    let shared = min(text.count, rest.count)
    rest.removeFirst(shared)
    return Array(text.dropFirst(shared))
  }
}
