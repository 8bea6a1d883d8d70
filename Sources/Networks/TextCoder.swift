/// What stands before and behind an engine: text to tokens as its bytes come, and tokens to text.
public protocol TextCoder {
  /// Begins a text.
  mutating func begin()
  /// Reads a byte and appends the tokens that are decided by it, whatever follows.
  mutating func put(_ byte: UInt8, to tokens: inout [UInt8])
  /// Ends the text: appends the tokens of the bytes that are held back.
  mutating func finish(to tokens: inout [UInt8])
  /// What a token stands for; nothing for the unknown one.
  func text(of token: UInt8) -> [UInt8]
}
