import Basics
import Lineage
import Typing

/// Mistypes a teacher's requests as often as its grammar says. A typo leaves a word the nearest known one: a room stays
/// the nearest to itself.
package struct RequestNoise: Sendable {
  private let typing: CarelessTyping

  package init(grammar: Grammar) {
    typing = CarelessTyping(grammar.noise, typist: Typist(knownWords: grammar.words, care: .nearWords))
  }

  /// An exchange whose first line is mistyped; the lines below stay as they are.
  package func mistyped(_ exchange: String, with random: inout SeededGenerator) -> String {
    let end = exchange.firstIndex(of: "\n") ?? exchange.endIndex
    let line = typing.mistyped(Array(exchange[..<end].utf8), with: &random)
    return String(decoding: line, as: UTF8.self) + exchange[end...]
  }
}

extension Grammar {
  /// Every word that it can say, held-out ones too, in small letters.
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
