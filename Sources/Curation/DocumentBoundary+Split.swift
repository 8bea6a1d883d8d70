extension DocumentBoundary {
  /// The texts between boundaries, blank ones included: so the last piece of a truncated answer is the unfinished
  /// one, even when the answer was cut right behind a boundary.
  ///
  /// - Parameter text: an answer whose line ends are line feeds.
  func pieces(of text: String) -> [String] {
    switch self {
    case .wholeAnswer: [text]
    case .blankLine: Self.paragraphs(of: text)
    case .separator(let separator): Self.split(text, at: separator)
    }
  }

  private static func paragraphs(of text: String) -> [String] {
    var paragraphs: [[Substring.UnicodeScalarView]] = [[]]
    for line in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.allSatisfy(\.properties.isWhitespace) {
        paragraphs.append([])
      } else {
        paragraphs[paragraphs.count - 1].append(line)
      }
    }
    return paragraphs.map { lines in lines.map { String($0) }.joined(separator: "\n") }
  }

  /// Compares bytes, not characters: a separator that a combining mark follows is still a separator.
  private static func split(_ text: String, at separator: String) -> [String] {
    let bytes = Array(text.utf8)
    let pattern = Array(separator.utf8)
    var pieces: [String] = []
    var pieceStart = 0
    var position = 0
    while position + pattern.count <= bytes.count {
      if bytes[position] == pattern[0], bytes[position..<position + pattern.count].elementsEqual(pattern) {
        pieces.append(String(decoding: bytes[pieceStart..<position], as: UTF8.self))
        position += pattern.count
        pieceStart = position
      } else {
        position += 1
      }
    }
    pieces.append(String(decoding: bytes[pieceStart...], as: UTF8.self))
    return pieces
  }
}
