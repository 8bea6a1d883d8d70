import Basics

/// Makes one slip in one word, and only one that makes no other known word.
public struct Typist: Sendable {
  /// What a slip may not do.
  public enum Care: Sendable {
    /// Be another known word.
    case otherWords
    /// Be another known word, or one change away from it: the word that was meant stays the nearest.
    case nearWords
  }

  /// Shorter words are left alone: "on" and "no", "am" and "pm" are one slip apart.
  static let shortestWord = 4
  private static let attemptCount = 8

  /// Words in small ASCII letters, by their length: only words of nearly the same length can be mistaken.
  private let knownWords: [Int: Set<[UInt8]>]
  private let care: Care

  /// - Parameter knownWords: in small letters.
  public init(knownWords: Set<String>, care: Care) {
    self.knownWords = Dictionary(grouping: knownWords.map { Array($0.utf8) }, by: \.count).mapValues(Set.init)
    self.care = care
  }

  /// - Returns: nil when a few attempts found no safe slip.
  func mistyped(_ line: [UInt8], with random: inout SeededGenerator) -> [UInt8]? {
    let words = line.words(ofAtLeast: Self.shortestWord)
    guard !words.isEmpty else { return nil }
    for _ in 0..<Self.attemptCount {
      let range = words[random.below(words.count)]
      let word = Array(line[range])
      let slip = Self.slip(in: word, with: &random)
      if slip != word, isSafe(slip.map(\.lowercased), for: word.map(\.lowercased)) {
        return line[..<range.lowerBound] + slip + line[range.upperBound...]
      }
    }
    return nil
  }

  private static func slip(in word: [UInt8], with random: inout SeededGenerator) -> [UInt8] {
    var slip = word
    let index = random.below(word.count)
    switch random.below(4) {
    case 0: slip.remove(at: index)
    case 1: slip.insert(slip[index], at: index)
    case 2: slip.swapAt(max(index, 1) - 1, max(index, 1))
    default: slip[index] = neighbour(of: slip[index], with: &random)
    }
    return slip
  }

  private static let rows = ["qwertyuiop", "asdfghjkl", "zxcvbnm"].map { Array($0.utf8) }

  private static func neighbour(of letter: UInt8, with random: inout SeededGenerator) -> UInt8 {
    let step = random.below(2) == 0 ? -1 : 1
    for row in rows {
      guard let position = row.firstIndex(of: letter) else { continue }
      let beside = position + step
      return row.indices.contains(beside) ? row[beside] : row[position - step]
    }
    return letter
  }

  private func isSafe(_ slip: [UInt8], for word: [UInt8]) -> Bool {
    switch care {
    case .otherWords: knownWords[slip.count]?.contains(slip) != true
    case .nearWords:
      (slip.count - 1...slip.count + 1).allSatisfy { length in
        (knownWords[length] ?? []).allSatisfy { $0 == word || !slip.isWithinOneChange(of: $0) }
      }
    }
  }
}

extension [UInt8] {
  fileprivate func words(ofAtLeast length: Int) -> [Range<Int>] {
    var words: [Range<Int>] = []
    var start = 0
    for index in 0...count where index == count || !self[index].isLetterOrDigit {
      let range = start..<index
      if range.count >= length, self[range].allSatisfy(\.lowercased.isLowercaseLetter) { words.append(range) }
      start = index + 1
    }
    return words
  }

  /// Equal, or one letter changed, added or left out, or two neighbours swapped.
  fileprivate func isWithinOneChange(of other: [UInt8]) -> Bool {
    let same = zip(self, other).prefix { $0 == $1 }.count
    let rest = self[same...]
    let otherRest = other[same...]
    if rest.dropFirst().elementsEqual(otherRest) || rest.elementsEqual(otherRest.dropFirst()) { return true }
    if rest.dropFirst().elementsEqual(otherRest.dropFirst()) { return true }
    return rest.count > 1 && otherRest.count > 1 && rest.dropFirst(2).elementsEqual(otherRest.dropFirst(2))
      && rest[same] == otherRest[same + 1] && rest[same + 1] == otherRest[same]
  }
}
