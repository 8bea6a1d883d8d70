import Basics

/// Makes one typo: swaps two letters, leaves one out, doubles one, or hits the key beside it.
///
/// Only in words of four letters or more, since shorter ones become other words; never in digits, since another number
/// is another request.
struct Typist: Sendable {
  static let shortestWord = 4

  /// In lower case.
  let knownWords: Set<String>

  enum Kind: CaseIterable { case swap, drop, double, neighbour }

  /// Nil where no word can have one.
  func withTypo(_ text: String, _ random: inout SeededGenerator) -> String? {
    let characters = Array(text)
    var words = characters.indices.split { !characters[$0].isLetter }.filter { $0.count >= Self.shortestWord }
    while !words.isEmpty {
      let range = words.remove(at: random.below(words.count))
      let word = Array(characters[range.startIndex..<range.endIndex])
      if let typo = typo(in: word, &random) {
        return String(characters[..<range.startIndex] + typo + characters[range.endIndex...])
      }
    }
    return nil
  }

  /// A kind that is possible, then a place, each as likely as the others.
  private func typo(in word: [Character], _ random: inout SeededGenerator) -> [Character]? {
    var kinds = Kind.allCases
    while !kinds.isEmpty {
      let kind = kinds.remove(at: random.below(kinds.count))
      let edits = Self.edits(kind, of: word).filter { $0 != word && !knownWords.contains(String($0).lowercased()) }
      if !edits.isEmpty { return edits[random.below(edits.count)] }
    }
    return nil
  }

  static func edits(_ kind: Kind, of word: [Character]) -> [[Character]] {
    switch kind {
    case .swap: word.indices.dropLast().map { index in changed(word) { $0.swapAt(index, index + 1) } }
    case .drop: word.indices.map { index in changed(word) { $0.remove(at: index) } }
    case .double: word.indices.map { index in changed(word) { $0.insert(word[index], at: index) } }
    case .neighbour:
      word.indices.flatMap { index in
        neighbours(of: word[index]).map { key in changed(word) { $0[index] = key } }
      }
    }
  }

  private static func changed(_ word: [Character], _ change: (inout [Character]) -> Void) -> [Character] {
    var word = word
    change(&word)
    return word
  }

  private static let rows = ["qwertyuiop", "asdfghjkl", "zxcvbnm"].map { Array($0) }

  /// The keys to the left and right, above and below, on an English keyboard, in the letter's own case.
  static func neighbours(of letter: Character) -> [Character] {
    guard let lower = letter.lowercased().first,
      let row = rows.firstIndex(where: { $0.contains(lower) }), let column = rows[row].firstIndex(of: lower)
    else { return [] }
    // Each row stands half a key to the right of the one above.
    let places =
      [(row, column - 1), (row, column + 1), (row - 1, column), (row - 1, column + 1)]
      + [(row + 1, column - 1), (row + 1, column)]
    let keys = places.compactMap { row, column in
      rows.indices.contains(row) && rows[row].indices.contains(column) ? rows[row][column] : nil
    }
    return letter.isUppercase ? keys.flatMap { Array($0.uppercased()) } : keys
  }
}
