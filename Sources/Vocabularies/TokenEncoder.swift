import Lineage
import Networks

/// Turns a text into tokens as its bytes come: from left to right, always the longest string that fits.
///
/// It holds back at most 15 bytes, which may still become part of a longer token.
public struct TokenEncoder: Sendable {
  private let table: TokenTable
  private var state = TokenTable.start
  /// How many bytes so far the vocabulary lacks; each became its unknown token.
  public private(set) var unknownByteCount = 0

  /// Builds a table, which copies share: some milliseconds, so keep one and copy it.
  public init(_ vocabulary: Vocabulary) { table = TokenTable(vocabulary) }

  public var vocabulary: Vocabulary { table.vocabulary }

  /// The bytes that are held back: the beginning of a string, or nothing.
  public var pending: [UInt8] { table.pending[Int(state)] }

  /// Reads a byte and appends the tokens that are decided by it, whatever follows.
  public mutating func put(_ byte: UInt8, to tokens: inout [UInt8]) {
    let step = table.steps[Int(state) << 8 | Int(byte)]
    tokens += table.tokens(of: step)
    state = step.next
    if !isKnown(byte) { unknownByteCount += 1 }
  }

  /// Reads the bytes of a text and appends the tokens that are decided by them.
  public mutating func put(_ bytes: some Sequence<UInt8>, to tokens: inout [UInt8]) {
    for byte in bytes { put(byte, to: &tokens) }
  }

  /// Ends the text: appends the tokens of the bytes that are held back, and begins anew.
  public mutating func finish(to tokens: inout [UInt8]) {
    tokens += table.endings[Int(state)]
    reset()
  }

  /// Begins a new text; the count of unknown bytes goes on.
  public mutating func reset() { state = TokenTable.start }

  private func isKnown(_ byte: UInt8) -> Bool { vocabulary.unknownToken == nil || vocabulary.isByte(byte) }
}

extension TokenEncoder: TextCoder {
  public mutating func begin() { reset() }
  public func text(of token: UInt8) -> [UInt8] { vocabulary.tokens[Int(token)] }
}

// MARK: - Whole texts

extension TokenEncoder {
  /// A whole text's tokens, whatever this encoder has read.
  public func encode(_ text: [UInt8]) -> [UInt8] {
    // A token has one byte at least, and each store writes a whole word, of which the next overwrites the rest.
    [UInt8](unsafeUninitializedCapacity: text.count + TokenTable.inlineTokenCount) { tokens, count in
      let state = encodeDecided(text, tokens, &count)
      for token in table.endings[Int(state)] {
        tokens[count] = token
        count += 1
      }
    }
  }

  private func encodeDecided(
    _ text: [UInt8], _ tokens: UnsafeMutableBufferPointer<UInt8>, _ count: inout Int
  ) -> UInt16 {
    var state = TokenTable.start
    let output = UnsafeMutableRawBufferPointer(tokens)
    table.steps.withUnsafeBufferPointer { steps in
      for byte in text {
        let step = steps[Int(state) << 8 | Int(byte)]
        if step.tokenCount > TokenTable.inlineTokenCount {
          output[count...].copyBytes(from: table.longRuns[Int(step.tokens)])
        } else {
          output.storeBytes(of: step.tokens.littleEndian, toByteOffset: count, as: UInt64.self)
        }
        count += Int(step.tokenCount)
        state = step.next
      }
    }
    return state
  }
}

extension Vocabulary {
  /// A text's tokens: from left to right, always the longest string that fits. For many texts keep a `TokenEncoder`.
  public func encode(_ text: [UInt8]) -> [UInt8] { isIdentity ? text : TokenEncoder(self).encode(text) }

  /// The text of tokens; unknown bytes are missing from it.
  public func decode(_ tokens: some Sequence<UInt8>) -> [UInt8] { tokens.flatMap { self.tokens[Int($0)] } }
}
