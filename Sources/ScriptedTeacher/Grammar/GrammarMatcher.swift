/// Finds the derivations of one text: recursive descent with backtracking, pruned by each alternative's first bytes.
///
/// Rules do not recurse, so it ends. It takes time in proportion to the ways in which the text can be begun: few in a
/// grammar that is not written to be ambiguous.
struct GrammarMatcher {
  /// What is still to be matched behind the pieces at hand.
  private indirect enum Rest {
    case nothing
    case pieces([CompiledGrammar.Piece], from: Int, Rest)
  }

  /// One way to read a text.
  struct Derivation: Hashable {
    /// For each slot, the number of the value that it took; -1 for none.
    var values: [Int]
    /// For each label, its value; the outer or earlier one counts.
    var labels: [String: String]
  }

  private let grammar: CompiledGrammar
  private let slotMap: [Int]
  private let text: [UInt8]
  private let isFirstEnough: Bool
  private var values: [Int]
  private var labels: [[String: String]]
  private(set) var found: [Derivation] = []

  /// - Parameters:
  ///   - values: those that slots have already, as in `Derivation`; all free when nil.
  ///   - isFirstEnough: whether to stop at the first derivation.
  init(
    _ grammar: CompiledGrammar, below start: CompiledGrammar.Start, text: [UInt8], values: [Int]? = nil,
    isFirstEnough: Bool
  ) {
    self.grammar = grammar
    self.text = text
    self.isFirstEnough = isFirstEnough
    slotMap = start.slotMap
    labels = [start.labels]
    self.values = values ?? Array(repeating: -1, count: grammar.slots.count)
  }

  mutating func run(_ pieces: [CompiledGrammar.Piece]) -> [Derivation] {
    match(pieces, from: 0, at: 0, then: .nothing)
    return found
  }

  private var isDone: Bool { isFirstEnough && !found.isEmpty }

  private mutating func match(_ pieces: [CompiledGrammar.Piece], from index: Int, at offset: Int, then rest: Rest) {
    guard !isDone else { return }
    guard index < pieces.count else { return match(rest, at: offset) }
    switch pieces[index] {
    case .literal(let literal):
      if starts(with: literal, at: offset) {
        match(pieces, from: index + 1, at: offset + literal.count, then: rest)
      }
    case .slot(let slot, let isCapitalized):
      matchSlot(slot, isCapitalized: isCapitalized, at: offset, then: .pieces(pieces, from: index + 1, rest))
    case .rule(let rule):
      matchRule(rule, at: offset, then: index + 1 == pieces.count ? rest : .pieces(pieces, from: index + 1, rest))
    }
  }

  private mutating func match(_ rest: Rest, at offset: Int) {
    switch rest {
    case .nothing: if offset == text.count { record() }
    case .pieces(let pieces, let index, let next): match(pieces, from: index, at: offset, then: next)
    }
  }

  private mutating func matchRule(_ rule: Int, at offset: Int, then rest: Rest) {
    for alternative in grammar.rules[rule] {
      guard offset < text.count ? alternative.firstBytes.contains(text[offset]) : alternative.firstBytes == .all else {
        continue
      }
      if !alternative.labels.isEmpty { labels.append(alternative.labels) }
      match(alternative.pieces, from: 0, at: offset, then: rest)
      if !alternative.labels.isEmpty { labels.removeLast() }
    }
  }

  private mutating func matchSlot(_ named: Int, isCapitalized: Bool, at offset: Int, then rest: Rest) {
    let slot = slotMap[named]
    let texts = isCapitalized ? grammar.slots[slot].capitalized : grammar.slots[slot].plain
    guard values[slot] < 0 else {
      if starts(with: texts[values[slot]], at: offset) { match(rest, at: offset + texts[values[slot]].count) }
      return
    }
    for (number, value) in texts.enumerated() where starts(with: value, at: offset) {
      values[slot] = number
      match(rest, at: offset + value.count)
      values[slot] = -1
    }
  }

  private func starts(with literal: [UInt8], at offset: Int) -> Bool {
    guard literal.count <= text.count - offset else { return false }
    for index in literal.indices where text[offset + index] != literal[index] { return false }
    return true
  }

  private mutating func record() {
    var merged: [String: String] = [:]
    for chosen in labels { merged.merge(chosen) { first, _ in first } }
    let derivation = Derivation(values: values, labels: merged)
    if !found.contains(derivation) { found.append(derivation) }
  }
}
