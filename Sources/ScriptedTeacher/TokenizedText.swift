/// A text in the scripted teacher's tokens: a run of letters and digits, or one other character that is no white space.
struct TokenizedText {
  let text: String
  /// Where each token ends.
  private let ends: [String.Index]

  init(_ text: String) {
    self.text = text
    var ends: [String.Index] = []
    var wordIsOpen = false
    for index in text.indices {
      let character = text[index]
      let isWord = character.isLetter || character.isNumber
      let next = text.index(after: index)
      if isWord, wordIsOpen {
        ends[ends.count - 1] = next
      } else if !character.isWhitespace {
        ends.append(next)
      }
      wordIsOpen = isWord
    }
    self.ends = ends
  }

  var count: Int { ends.count }

  /// The text to the end of its `limit`-th token; nil when it has no more than those.
  func cut(after limit: Int) -> String? {
    limit < count ? String(text[..<(limit > 0 ? ends[limit - 1] : text.startIndex)]) : nil
  }
}
