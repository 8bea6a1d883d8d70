/// What a text says, whatever its case, blanks and punctuation: its letters, in lower case, and digits; of a text that
/// has neither, all of it. Texts of one wording lie on one side of a split.
public struct Wording: Hashable, Sendable {
  public let text: String

  public init(of text: String) {
    var (text, reader) = (text, WordingReader())
    self.text = text.withUTF8 { reader.read($0) { String(decoding: $0, as: UTF8.self) } }
  }
}

/// Reads wordings with room that stays from text to text.
public struct WordingReader: Sendable {
  private var folded = FoldedText()
  private var room: [UInt8] = []

  public init() {}

  /// - Parameter text: valid UTF-8.
  /// - Returns: the hash of the wording's UTF-8 bytes.
  public mutating func hash(of text: UnsafeBufferPointer<UInt8>) -> TextHash {
    read(text) { TextHash(of: UnsafeRawBufferPointer($0)) }
  }

  mutating func read<Result>(
    _ text: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    if let count = FoldedText.foldASCII(text, withoutBlanksInto: &room) {
      guard count > 0 else { return body(text) }
      return room.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[..<count])) }
    }
    folded.fold(text)
    guard !folded.isBare else { return body(text) }
    room.removeAll(keepingCapacity: true)
    folded.withScalars { scalars in
      for scalar in scalars where scalar != FoldedText.blank { Self.append(scalar, to: &room) }
    }
    return room.withUnsafeBufferPointer(body)
  }

  private static func append(_ scalar: UInt32, to bytes: inout [UInt8]) {
    guard scalar > 127 else { return bytes.append(UInt8(scalar)) }
    guard let scalar = Unicode.Scalar(scalar) else { return }
    bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
  }
}
