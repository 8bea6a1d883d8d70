import Basics
import Yams

/// One value of a grammar's YAML with the place where it stands; every reading checks type and limits.
struct GrammarNode {
  private let node: Node
  private let file: String
  private let keys: [String]

  /// `thermostat.grammar.yaml: rules.reply.2 (line 14)`.
  var place: String {
    let path = keys.isEmpty ? "" : ": \(keys.joined(separator: "."))"
    return file + path + (node.mark.map { " (line \($0.line))" } ?? "")
  }

  private init(node: Node, file: String, keys: [String]) {
    self.node = node
    self.file = file
    self.keys = keys
  }

  /// - Throws: `HintedError` for an empty text, a syntax error, or a top level that is no mapping.
  init(yaml: String, name: String) throws {
    do {
      guard let node = try Yams.compose(yaml: yaml) else { throw HintedError("\(name) is empty") }
      self.init(node: node, file: name, keys: [])
    } catch let failure as YamlError {
      throw HintedError("\(name) is not readable as YAML: \(failure)", hint: "check indentation and quotes")
    }
    guard isMapping else { throw error("should hold keys with values") }
  }

  func error(_ problem: String, hint: String? = nil) -> HintedError {
    HintedError("\(place) \(problem)", hint: hint)
  }

  var isMapping: Bool { node.mapping != nil }

  /// The text of a value that is neither list nor mapping.
  var scalar: String? { node.scalar?.string }

  func optional(_ key: String) -> GrammarNode? {
    node.mapping?[Node(key)].map { GrammarNode(node: $0, file: file, keys: keys + [key]) }
  }

  func required(_ key: String) throws -> GrammarNode {
    guard let value = optional(key) else { throw error("lacks the key '\(key)'") }
    return value
  }

  /// - Throws: `HintedError` for a key that nobody would read.
  func checkKeys(_ known: [String]) throws {
    for (key, value) in try members() where !known.contains(key) {
      let nearest = EditDistance.nearest(to: key, in: known)
      throw value.error(
        "is not a known key",
        hint: nearest.map { "did you mean '\($0)'?" } ?? "known keys: \(known.joined(separator: ", "))")
    }
  }

  /// The members of a mapping whose keys are the author's names, in the file's order.
  func namedMembers() throws -> [(String, GrammarNode)] {
    let members = try members()
    guard !members.isEmpty else { throw error("is empty") }
    for (name, value) in members where !Grammar.isName(name) {
      throw value.error("is not a proper name", hint: "names have lower-case letters, digits and '-'")
    }
    return members
  }

  private func members() throws -> [(String, GrammarNode)] {
    guard let mapping = node.mapping else { throw error("should hold keys with values") }
    return try mapping.map { key, value in
      guard let name = key.scalar?.string else { throw error("has a key that is not a plain word") }
      return (name, GrammarNode(node: value, file: file, keys: keys + [name]))
    }
  }

  /// The members of a list that holds at least one.
  func items() throws -> [GrammarNode] {
    guard let sequence = node.sequence else {
      throw error("should be a list", hint: "write a line `- value` for each member")
    }
    guard !sequence.isEmpty else { throw error("is an empty list") }
    return sequence.enumerated().map { GrammarNode(node: $1, file: file, keys: keys + [String($0)]) }
  }
}
