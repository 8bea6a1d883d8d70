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

extension UInt8 {
  var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
  var isLowercaseLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) }
  var isLetterOrDigit: Bool { isDigit || lowercased.isLowercaseLetter }

  /// An ASCII capital as its small letter, any other byte as it is.
  var lowercased: UInt8 { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self + 32 : self }
  /// An ASCII small letter as its capital, any other byte as it is.
  var uppercased: UInt8 { isLowercaseLetter ? self - 32 : self }
}
