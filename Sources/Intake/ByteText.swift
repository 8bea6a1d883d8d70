/// Texts as bytes.
public enum ByteText {
  /// The offset of the first byte that is no UTF-8; nil where all is.
  public static func firstInvalid(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    if isASCII(bytes) || String(validating: bytes, as: UTF8.self) != nil { return nil }
    var position = 0
    while position < bytes.count {
      let count =
        switch bytes[position] {
        case ..<0x80: 1
        case ..<0xE0: 2
        case ..<0xF0: 3
        default: 4
        }
      guard position + count <= bytes.count,
        String(validating: bytes[position..<position + count], as: UTF8.self) != nil
      else { return position }
      position += count
    }
    return position
  }

  static func isASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var (position, all) = (0, UInt64(0))
    while position + 8 <= bytes.count {
      all |= ByteWords.word(bytes, at: position)
      position += 8
    }
    while position < bytes.count {
      all |= UInt64(bytes[position])
      position += 1
    }
    return all & ByteWords.highBits == 0
  }

  /// The texts between separators, which end with what separates them: so they cover all bytes.
  static func pieces(of bytes: UnsafeBufferPointer<UInt8>, _ separator: TextSeparator) -> [Range<Int>] {
    switch separator {
    case .line: lines(of: bytes)
    case .blankLine: paragraphs(of: bytes)
    case .text(let text): split(bytes, behind: Array(text.utf8))
    }
  }

  private static func lines(of bytes: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
    var (lines, start) = ([Range<Int>](), 0)
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count
      lines.append(start..<end)
      start = end
    }
    return lines
  }

  private static func paragraphs(of bytes: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
    var (paragraphs, start) = ([Range<Int>](), 0)
    for line in lines(of: bytes) where bytes[line].allSatisfy({ $0 == 0x20 || (0x09...0x0D).contains($0) }) {
      paragraphs.append(start..<line.upperBound)
      start = line.upperBound
    }
    if start < bytes.count { paragraphs.append(start..<bytes.count) }
    return paragraphs
  }

  private static func split(_ bytes: UnsafeBufferPointer<UInt8>, behind text: [UInt8]) -> [Range<Int>] {
    var (pieces, start, position) = ([Range<Int>](), 0, 0)
    while position + text.count <= bytes.count {
      if bytes[position] == text[0], bytes[position..<position + text.count].elementsEqual(text) {
        position += text.count
        pieces.append(start..<position)
        start = position
      } else {
        position += 1
      }
    }
    if start < bytes.count { pieces.append(start..<bytes.count) }
    return pieces
  }
}
