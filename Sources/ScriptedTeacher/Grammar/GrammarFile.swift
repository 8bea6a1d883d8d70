import Basics
import Intake
import Lineage

/// Reads `*.grammar.yaml` as docs/formats/grammar.md describes it, and checks all of it before anything is said.
public enum GrammarFile {
  static let byteLimit = 1 << 20

  /// - Throws: `HintedError` with file, key and line, for anything that is missing, unknown, mistyped or out of range.
  public static func read(_ path: String) throws -> Grammar {
    try parse(try TextFile.read(path, byteLimit: byteLimit), name: path)
  }

  /// - Parameter name: the file's path, for messages.
  /// - Throws: `HintedError` as `read` does.
  public static func parse(_ text: String, name: String) throws -> Grammar {
    let top = try GrammarNode(yaml: text, name: name)
    try top.checkKeys(["schema", "name", "exchangesPerAnswer", "start", "slots", "rules", "match", "noise"])
    let schema = try top.required("schema")
    guard try schema.text() == Grammar.schema else {
      throw schema.error("is '\(try schema.text())', but this version reads \(Grammar.schema)")
    }
    let grammar = Grammar(
      id: ContentID(of: text), name: try top.required("name").text(),
      exchangesPerAnswer: try top.optional("exchangesPerAnswer")?.integer(in: 1...1000) ?? 1,
      start: try top.required("start").text(),
      slots: try top.optional("slots")?.namedMembers().map { try $1.slot(named: $0) } ?? [],
      rules: try top.required("rules").namedMembers().map { try $1.rule(named: $0) },
      matching: try top.optional("match")?.matching() ?? Grammar.Matching(),
      noise: try top.optional("noise")?.noise() ?? TypingNoise())
    try GrammarCheck(grammar: grammar, file: name).run()
    return grammar
  }
}

extension GrammarNode {
  fileprivate func slot(named name: String) throws -> Grammar.Slot {
    let values = isMapping ? try mappedValues() : try texts()
    let heldOut = isMapping ? try optional("heldOut")?.texts() ?? [] : []
    guard Set(values).count == values.count, Set(heldOut).count == heldOut.count else {
      throw error("holds a value twice")
    }
    let taught = values.filter { !heldOut.contains($0) }
    guard !taught.isEmpty else { throw error("holds out all of its values", hint: "leave some to be taught") }
    return Grammar.Slot(name: name, values: taught, heldOut: heldOut)
  }

  private func mappedValues() throws -> [String] {
    guard let values = optional("values") else { return try numericRange() }
    try checkKeys(["values", "heldOut"])
    return try values.texts()
  }

  private func texts() throws -> [String] { try items().map { try $0.text() } }

  fileprivate func noise() throws -> TypingNoise {
    try checkKeys(["typo", "unpunctuated", "capitalized", "upper"])
    func share(_ key: String) throws -> Double { try optional(key)?.share() ?? 0 }
    return TypingNoise(
      typo: try share("typo"), unpunctuated: try share("unpunctuated"), capitalized: try share("capitalized"),
      upper: try share("upper"))
  }

  fileprivate func rule(named name: String) throws -> Grammar.Rule {
    Grammar.Rule(name: name, alternatives: try items().map { try $0.alternative() })
  }

  private func alternative() throws -> Grammar.Alternative {
    guard isMapping else { return Grammar.Alternative(pieces: try pieces(), weight: 1, labels: [:]) }
    try checkKeys(["text", "weight", "labels", "heldOut", "instead"])
    let weight = try optional("weight")?.positiveNumber() ?? 1
    var labels: [String: String] = [:]
    for (label, value) in try optional("labels")?.namedMembers() ?? [] { labels[label] = try value.text() }
    var instead: [String: String] = [:]
    for (slot, other) in try optional("instead")?.namedMembers() ?? [] { instead[slot] = try other.text() }
    return Grammar.Alternative(
      pieces: try required("text").pieces(), weight: weight, labels: labels,
      isHeldOut: try optional("heldOut")?.boolean() ?? false, instead: instead)
  }

  private func pieces() throws -> [Grammar.Piece] {
    let text = try text(mayBeEmpty: true)
    do {
      return try GrammarText.pieces(of: text)
    } catch let failure as HintedError {
      throw error(failure.message, hint: failure.hint)
    }
  }

  fileprivate func matching() throws -> Grammar.Matching {
    try checkKeys(["slots", "labels"])
    var words: [Grammar.LabelWords] = []
    for (label, values) in try optional("labels")?.namedMembers() ?? [] {
      for (value, phrases) in try values.namedMembers() {
        words.append(.init(label: label, value: value, phrases: try phrases.texts()))
      }
    }
    return Grammar.Matching(slots: try optional("slots")?.texts() ?? [], labels: words)
  }
}
