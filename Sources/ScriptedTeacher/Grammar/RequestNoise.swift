import Basics

/// Types requests carelessly, as people do: the same text and generator give the same result.
///
/// Digits stay as they are, and a typo never makes a word that the grammar knows, nor one as near to another word of
/// the grammar: a room stays the nearest to itself.
public struct RequestNoise: Sendable {
  public enum Kind: String, CaseIterable, Sendable {
    /// One letter left out, doubled, swapped with the next, or replaced by its neighbour on the keyboard.
    case typo
    /// Without full stops, commas, question and exclamation marks, and apostrophes; decimal points stay.
    case unpunctuated
    /// The first letter a capital.
    case capitalized
    /// All letters capitals.
    case upper
  }

  /// Shorter words are left alone: "on" and "no", "am" and "pm" are one slip apart.
  static let shortestMistypedWord = 4

  private let shares: Grammar.Noise
  private let typist: Typist

  public init(grammar: Grammar) {
    shares = grammar.noise
    typist = Typist(knownWords: grammar.words)
  }

  /// One line, mistyped in one way.
  /// - Returns: nil where that changes nothing: no letter, no mark, or no word that can be mistyped safely.
  public func mistyped(_ line: String, by kind: Kind, with random: inout SeededGenerator) -> String? {
    let bytes = Array(line.utf8)
    let changed: [UInt8]? =
      switch kind {
      case .typo: typist.mistyped(bytes, with: &random)
      case .unpunctuated: bytes.unpunctuated
      case .capitalized: bytes.capitalizedFirstLetter
      case .upper: bytes.map(\.uppercased)
      }
    return changed.flatMap { $0 == bytes ? nil : String(decoding: $0, as: UTF8.self) }
  }

  /// An exchange whose first line is mistyped as often as the grammar says; the lines below stay as they are.
  func mistyped(_ exchange: String, with random: inout SeededGenerator) -> String {
    let end = exchange.firstIndex(of: "\n") ?? exchange.endIndex
    var line = String(exchange[..<end])
    for (kind, share) in [
      (Kind.typo, shares.typo), (.unpunctuated, shares.unpunctuated), (.capitalized, shares.capitalized),
      (.upper, shares.upper),
    ] where random.unit() < share {
      line = mistyped(line, by: kind, with: &random) ?? line
    }
    return line + exchange[end...]
  }
}

extension [UInt8] {
  fileprivate var unpunctuated: [UInt8] {
    let marks = Array(".,?!'".utf8)
    return indices.filter { index in
      let isDecimalPoint = index > 0 && index + 1 < count && self[index - 1].isDigit && self[index + 1].isDigit
      return isDecimalPoint || !marks.contains(self[index])
    }.map { self[$0] }
  }

  fileprivate var capitalizedFirstLetter: [UInt8] {
    guard let first = firstIndex(where: \.isLetterOrDigit) else { return self }
    var bytes = self
    bytes[first] = bytes[first].uppercased
    return bytes
  }
}

extension Grammar {
  /// The words of everything that can be said, in small letters.
  /// Every word that it can say, held-out ones too, in lower case.
  public var words: Set<String> {
    let texts = rules.flatMap(\.alternatives).flatMap(\.pieces).compactMap { piece -> String? in
      if case .text(let text) = piece { text } else { nil }
    }
    let said = texts + slots.flatMap { $0.values + $0.heldOut }
    return Set(
      said.flatMap { $0.utf8.map(\.lowercased).split { !$0.isLowercaseLetter } }.map {
        String(decoding: $0, as: UTF8.self)
      })
  }
}
