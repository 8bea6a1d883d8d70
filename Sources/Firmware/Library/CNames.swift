/// The names that a C file gives to what stands outside of its functions: functions, objects, types, constants of
/// enumerations. Reads the style of `firmware/engine`, not all of C.
struct CNames {
  private(set) var all: Set<String> = []

  private var depth = 0
  private var parentheses = 0
  /// Since the last declaration ended.
  private var statement: [Substring] = []
  private var isNamed = false

  /// - Parameter text: with conditions balanced in braces.
  init(in text: String) {
    for word in Self.words(of: Self.code(of: text)) { read(word) }
  }

  private mutating func read(_ word: Substring) {
    switch word {
    case "{":
      if depth == 0, parentheses == 0 { open() }
      depth += 1
    case "}":
      depth -= 1
      // A function ends here; a type's or an object's name may follow.
      if depth == 0, isNamed, !isType { end() }
    case "(":
      if depth == 0, parentheses == 0 { name() }
      parentheses += 1
    case ")": parentheses -= 1
    case "[", "=":
      if depth == 0, parentheses == 0 { name() }
    case ";":
      guard depth == 0 else { break }
      name()
      end()
    default:
      readIdentifier(word)
    }
  }

  private mutating func readIdentifier(_ word: Substring) {
    if depth == 1, statement.first == "enum" || statement.dropFirst().first == "enum" {
      // A constant stands first, or behind a comma; what its value is made of stands behind an equals sign.
      if statement.last == "{" || statement.last == "," { all.insert(String(word)) }
      statement.append(word)
    } else if depth == 0, parentheses == 0 {
      statement.append(word)
    }
  }

  private var isType: Bool { statement.first == "typedef" || statement.first == "enum" || statement.first == "struct" }

  /// At a brace outside of functions: a type's tag stands before it.
  private mutating func open() {
    if let tag = statement.last, isType, !["enum", "struct", "union"].contains(tag) { all.insert(String(tag)) }
    statement.append("{")
  }

  /// The identifier before a parenthesis, a bracket or an equals sign is what is declared; later ones are not.
  private mutating func name() {
    guard let last = statement.last, last.first.map(Self.isStart) == true, !isNamed else { return }
    guard !last.hasPrefix("__"), last != "_Pragma" else { return }
    all.insert(String(last))
    isNamed = true
  }

  private mutating func end() {
    statement = []
    isNamed = false
  }
}

// MARK: - Words

extension CNames {
  /// Without comments, directives, and what stands in quotes.
  private static func code(of text: String) -> String {
    var code = text.replacing(#/\/\*.*?\*\//#.dotMatchesNewlines(), with: " ")
    code = code.replacing(#/\\\n/#, with: " ")
    code = code.split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("#") }.joined(separator: "\n")
    return code.replacing(#/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/#, with: "\"")
  }

  /// Identifiers, and each other character by itself.
  private static func words(of code: String) -> [Substring] {
    code.matches(of: #/[A-Za-z_][A-Za-z0-9_]*|[{}()\[\]=;,]/#).map(\.0)
  }

  private static func isStart(_ letter: Character) -> Bool { letter.isLetter || letter == "_" }
}
