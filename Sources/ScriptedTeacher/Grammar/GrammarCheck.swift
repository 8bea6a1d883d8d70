import Basics

/// What a parsed grammar has to satisfy as a whole; docs/formats/grammar.md lists it under "Invariants".
struct GrammarCheck {
  /// A count keeps each set of slots in one machine word.
  static let slotLimit = 64

  let grammar: Grammar
  let file: String

  func run() throws {
    guard grammar.slots.count <= Self.slotLimit else {
      throw error("has \(grammar.slots.count) slots, more than \(Self.slotLimit)")
    }
    try checkReferences()
    try GrammarSize.check(grammar, file: file)
    try checkUnused()
    try checkLineEnds()
    try checkMatching()
    try GrammarHeldOutCheck(grammar: grammar, file: file).run()
  }

  private func checkReferences() throws {
    let ruleNames = grammar.rules.map(\.name)
    guard ruleNames.contains(grammar.start) else {
      throw undefined("start names the rule", grammar.start, among: ruleNames)
    }
    let slotNames = grammar.slots.map(\.name)
    for rule in grammar.rules {
      for piece in rule.alternatives.flatMap(\.pieces) {
        switch piece {
        case .text: break
        case .rule(let name) where !ruleNames.contains(name):
          throw undefined("the rule '\(rule.name)' uses the rule", name, among: ruleNames)
        case .slot(let name, _) where !slotNames.contains(name):
          throw undefined("the rule '\(rule.name)' uses the slot", name, among: slotNames)
        case .rule, .slot: break
        }
      }
      for name in rule.alternatives.flatMap({ $0.instead.flatMap { [$0.key, $0.value] } })
      where !slotNames.contains(name) {
        throw undefined("the rule '\(rule.name)' has instead the slot", name, among: slotNames)
      }
    }
  }

  private func checkUnused() throws {
    var reached: Set<String> = []
    var waiting = [grammar.start]
    while let name = waiting.popLast() {
      if reached.insert(name).inserted { waiting += grammar.references(of: name) }
    }
    if let rule = grammar.rules.first(where: { !reached.contains($0.name) }) {
      throw error("never uses the rule '\(rule.name)'", hint: "refer to it as <\(rule.name)>, or remove it")
    }
    let alternatives = grammar.rules.flatMap(\.alternatives)
    let used = Set(alternatives.flatMap { $0.pieces.compactMap(\.slotName) + $0.instead.values })
    if let slot = grammar.slots.first(where: { !used.contains($0.name) }) {
      throw error("never uses the slot '\(slot.name)'", hint: "refer to it as {\(slot.name)}, or remove it")
    }
  }

  /// The recognizer cuts exchanges into lines by the start rule alone.
  private func checkLineEnds() throws {
    for rule in grammar.rules where rule.name != grammar.start {
      guard !rule.alternatives.flatMap(\.pieces).contains(where: \.hasLineEnd) else {
        throw error("has a line end in the rule '\(rule.name)'", hint: "line ends stand in the start rule only")
      }
    }
    if let slot = grammar.slots.first(where: { ($0.values + $0.heldOut).contains { $0.contains(where: \.isNewline) } })
    {
      throw error("has a line end in the slot '\(slot.name)'", hint: "line ends stand in the start rule only")
    }
  }

  private func checkMatching() throws {
    let slotNames = grammar.slots.map(\.name)
    for name in grammar.matching.slots where !slotNames.contains(name) {
      throw undefined("match.slots names the slot", name, among: slotNames)
    }
    let labels = Set(grammar.rules.flatMap(\.alternatives).flatMap { $0.labels.map { "\($0.key): \($0.value)" } })
    for words in grammar.matching.labels where !labels.contains("\(words.label): \(words.value)") {
      throw undefined("match.labels names the label", "\(words.label): \(words.value)", among: labels.sorted())
    }
  }

  private func undefined(_ subject: String, _ name: String, among known: [String]) -> HintedError {
    let nearest = EditDistance.nearest(to: name, in: known)
    return HintedError(
      "\(file): \(subject) '\(name)', which is not defined", hint: nearest.map { "did you mean '\($0)'?" })
  }

  private func error(_ problem: String, hint: String? = nil) -> HintedError {
    HintedError("\(file) \(problem)", hint: hint)
  }
}

extension Grammar {
  /// The rules that a rule refers to, in order.
  func references(of rule: String) -> [String] { alternatives(of: rule).flatMap(\.pieces).compactMap(\.ruleName) }
}

extension Grammar.Piece {
  fileprivate var hasLineEnd: Bool {
    if case .text(let text) = self { text.contains(where: \.isNewline) } else { false }
  }

  var ruleName: String? {
    if case .rule(let name) = self { name } else { nil }
  }

  var slotName: String? {
    if case .slot(let name, _) = self { name } else { nil }
  }
}
