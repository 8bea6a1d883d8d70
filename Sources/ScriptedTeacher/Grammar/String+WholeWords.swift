import Typing

extension String {
  /// Whether a text says a word, a phrase or a number, in any case of ASCII letters and not as a part of a longer one:
  /// "20" is not said by "20.5", "120" or "-20".
  func saysWhole(_ phrase: String) -> Bool {
    let text = Array(utf8.map(\.lowercased))
    let wanted = Array(phrase.utf8.map(\.lowercased))
    guard !wanted.isEmpty, text.count >= wanted.count else { return false }
    return (0...text.count - wanted.count).contains { start in
      let end = start + wanted.count
      guard text[start..<end].elementsEqual(wanted) else { return false }
      return !text.continues(before: start) && !text.continues(after: end)
    }
  }
}

extension [UInt8] {
  private func isWord(_ index: Int) -> Bool { indices.contains(index) && self[index].isLetterOrDigit }
  private func isDigit(_ index: Int) -> Bool { indices.contains(index) && self[index].isDigit }
  private func isPoint(_ index: Int) -> Bool { indices.contains(index) && self[index] == UInt8(ascii: ".") }

  fileprivate func continues(before start: Int) -> Bool {
    if isWord(start - 1) || isPoint(start - 1) && isDigit(start - 2) { return true }
    return isDigit(start) && start > 0 && self[start - 1] == UInt8(ascii: "-")
  }

  fileprivate func continues(after end: Int) -> Bool { isWord(end) || isPoint(end) && isDigit(end + 1) }
}
