import Basics

/// Splits an alternative's text into its pieces.
///
/// `{slot}` and `<rule>` are references; a `<` that no lower-case letter follows is itself.
struct GrammarText {
  private var rest: Substring
  private var literal = ""
  private var pieces: [Grammar.Piece] = []

  /// - Throws: `HintedError` without a place for a reference that does not end or has no proper name.
  static func pieces(of text: String) throws -> [Grammar.Piece] {
    var scanner = GrammarText(rest: text[...])
    try scanner.scan()
    return scanner.pieces
  }

  private init(rest: Substring) { self.rest = rest }

  private mutating func scan() throws {
    while let character = rest.popFirst() {
      switch character {
      case "{": append(try slot())
      case "<" where rest.first?.isASCIILowercase == true: append(.rule(try name(until: ">")))
      default: literal.append(character)
      }
    }
    flush()
  }

  private mutating func slot() throws -> Grammar.Piece {
    let name = try name(until: "}")
    return .slot(name.prefix(1).lowercased() + name.dropFirst(), isCapitalized: name.first?.isUppercase == true)
  }

  private mutating func name(until end: Character) throws -> String {
    guard let position = rest.firstIndex(of: end) else {
      throw HintedError("has a reference without its '\(end)'", hint: "write {slot} or <rule>")
    }
    let name = String(rest[..<position])
    guard Grammar.isName(name.prefix(1).lowercased() + name.dropFirst()) else {
      throw HintedError(
        "refers to '\(name)', which is not a name", hint: "names have lower-case letters, digits and '-'")
    }
    rest = rest[rest.index(after: position)...]
    return name
  }

  private mutating func append(_ piece: Grammar.Piece) {
    flush()
    pieces.append(piece)
  }

  private mutating func flush() {
    if !literal.isEmpty { pieces.append(.text(literal)) }
    literal = ""
  }
}

extension Grammar {
  /// A slot's, rule's or label's name: a lower-case letter, then lower-case letters, digits and `-`.
  static func isName(_ text: String) -> Bool {
    guard text.first?.isASCIILowercase == true else { return false }
    return text.allSatisfy { $0.isASCIILowercase || ("0"..."9").contains($0) || $0 == "-" }
  }
}

extension Character {
  fileprivate var isASCIILowercase: Bool { ("a"..."z").contains(self) }
}
