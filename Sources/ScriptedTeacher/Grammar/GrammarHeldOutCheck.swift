import Basics

/// What holding out and replacing must leave whole: something to teach, and replies that a student can learn.
struct GrammarHeldOutCheck {
  let grammar: Grammar
  let file: String

  func run() throws {
    for rule in grammar.rules {
      guard rule.alternatives.contains(where: { !$0.isHeldOut }) else {
        throw HintedError(
          "\(file) holds out all of the rule '\(rule.name)'", hint: "hold out the alternatives that use the rule")
      }
      guard rule.name == grammar.start || rule.alternatives.allSatisfy(\.instead.isEmpty) else {
        throw HintedError("\(file) has 'instead' in the rule '\(rule.name)', but it stands in the start rule only")
      }
    }
    for (alternative, lines) in zip(grammar.alternatives(of: grammar.start), grammar.startLines) {
      try checkReplies(Array(lines.dropFirst().joined()), instead: alternative.instead)
    }
  }

  private func checkReplies(_ pieces: [Grammar.Piece], instead: [String: String]) throws {
    for piece in pieces {
      switch piece {
      case .text: break
      case .slot(let name, _):
        let slot = instead[name] ?? name
        guard grammar.heldOutValues(of: slot).isEmpty else {
          throw HintedError(
            "\(file) has a reply that says the slot '\(slot)', of which values are held out",
            hint: "a student cannot say what it was never taught; use another slot")
        }
      case .rule(let name):
        for alternative in grammar.alternatives(of: name) {
          guard !alternative.isHeldOut else {
            throw HintedError(
              "\(file) has a reply by the rule '\(name)', of which alternatives are held out",
              hint: "hold out requests only")
          }
          try checkReplies(alternative.pieces, instead: instead)
        }
      }
    }
  }
}
