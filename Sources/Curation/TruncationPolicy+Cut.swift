import Lineage

extension TruncationPolicy {
  /// The text that is left of one that ended so, and how that ended. What a content filter stopped stays stopped.
  func applied(to text: String, _ finishReason: FinishReason) -> (text: String, finishReason: FinishReason) {
    switch (self, finishReason) {
    case (.refuse, _), (_, .stop), (_, .contentFilter): (text, finishReason)
    case (.keep, _): (text, .stop)
    case (.toLastSentence, _): Self.wholeSentences(of: text).map { ($0, .stop) } ?? (text, finishReason)
    }
  }

  private static let sentenceEnds: Set<Character> = [".", "!", "?", "…", "。", "！", "？"]
  private static let closings: Set<Character> = ["\"", "'", ")", "]", "”", "’", "»"]

  /// Up to the last sign that ends a sentence, with quotation marks and brackets behind it; nil where there is none. A
  /// sign within a word or number, as in 3.5, ends nothing.
  private static func wholeSentences(of text: String) -> String? {
    var end: String.Index?
    var index = text.startIndex
    while index < text.endIndex {
      guard sentenceEnds.contains(text[index]) else {
        index = text.index(after: index)
        continue
      }
      while index < text.endIndex, sentenceEnds.contains(text[index]) || closings.contains(text[index]) {
        index = text.index(after: index)
      }
      if index == text.endIndex || text[index].isWhitespace { end = index }
    }
    return end.map { String(text[..<$0]) }
  }
}
