import Basics

/// A prompt's text with places for words: `Ask for {degrees} in the {room}.`
///
/// `{name}` takes a word from the list of that name; the same name twice takes the same word. `{{` and `}}` are braces.
public struct PromptTemplate: Hashable, Sendable {
  public enum Piece: Hashable, Sendable {
    case text(String)
    case placeholder(String)
  }

  /// The template as it was written.
  public let source: String
  public let pieces: [Piece]

  /// - Throws: `HintedError` for a brace without a partner, or a placeholder that is no list's name.
  public init(_ source: String) throws {
    self.source = source
    var scanner = Scanner(source: source)
    pieces = try scanner.pieces()
  }

  /// The placeholders' names, each once, in order of appearance.
  public var listNames: [String] {
    var names: [String] = []
    for case .placeholder(let name) in pieces where !names.contains(name) { names.append(name) }
    return names
  }

  /// The text with each placeholder replaced; a name that `words` lacks stays empty.
  public func filled(with words: [String: String]) -> String {
    pieces.map { piece in
      switch piece {
      case .text(let text): text
      case .placeholder(let name): words[name] ?? ""
      }
    }.joined()
  }

  /// A list's name: a letter, then letters, digits, `-` and `_`.
  public static func isListName(_ name: String) -> Bool {
    guard let first = name.unicodeScalars.first, first.isASCII, first.properties.isAlphabetic else { return false }
    return name.unicodeScalars.allSatisfy { scalar in
      scalar.isASCII
        && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "-" || scalar == "_")
    }
  }
}

extension PromptTemplate: Codable {
  public init(from decoder: any Decoder) throws {
    try self.init(decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(source)
  }
}

extension PromptTemplate {
  private struct Scanner {
    let source: String
    var text = ""
    var found: [Piece] = []

    mutating func pieces() throws -> [Piece] {
      var rest = Substring(source)
      while let character = rest.popFirst() {
        let isDoubled = rest.first == character
        switch character {
        case "{" where isDoubled, "}" where isDoubled:
          rest.removeFirst()
          text.append(character)
        case "{": try scanPlaceholder(&rest)
        case "}": throw failure("has a '}' without a '{'")
        default: text.append(character)
        }
      }
      flush()
      return found
    }

    private mutating func scanPlaceholder(_ rest: inout Substring) throws {
      guard let end = rest.firstIndex(of: "}") else { throw failure("has a '{' without a '}'") }
      let name = String(rest[..<end])
      guard PromptTemplate.isListName(name) else { throw failure("has '{\(name)}', which is not the name of a list") }
      flush()
      found.append(.placeholder(name))
      rest = rest[rest.index(after: end)...]
    }

    private mutating func flush() {
      if !text.isEmpty { found.append(.text(text)) }
      text = ""
    }

    private func failure(_ what: String) -> HintedError {
      HintedError("the template '\(source)' \(what)", hint: "write {room} for a word of the list room, {{ for a brace")
    }
  }
}
