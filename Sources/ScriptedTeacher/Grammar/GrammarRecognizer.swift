/// Says whether a grammar could have said a text: what share of a student's lines is well formed.
///
/// Recursive descent over UTF-8 with every way to go on kept (rules do not recurse, so it ends); what a rule matches
/// from a place, with given slot values, is remembered.
public struct GrammarRecognizer: Sendable {
  private let grammar: Grammar
  /// The start rule's alternatives, cut at line ends: first the person's lines, then the device's.
  private let lines: [[[Grammar.Piece]]]

  /// - Parameter grammar: its line ends stand in the start rule's own alternatives, as docs/formats/grammar.md asks.
  public init(grammar: Grammar) {
    self.grammar = grammar
    lines = grammar.alternatives(of: grammar.start).map { Self.cut($0.pieces) }
  }

  /// Whether a whole exchange, both lines with agreeing slots, can be derived.
  public func accepts(exchange text: String) -> Bool {
    matches(grammar.alternatives(of: grammar.start).map(\.pieces), text)
  }

  /// Whether some exchange begins with this line.
  public func accepts(utteranceLine line: String) -> Bool {
    matches(lines.compactMap(\.first), line)
  }

  /// Whether some exchange has this line below its first.
  public func accepts(replyLine line: String) -> Bool {
    matches(lines.flatMap { $0.dropFirst() }, line)
  }

  private func matches(_ alternatives: [[Grammar.Piece]], _ text: String) -> Bool {
    var matcher = Matcher(grammar: grammar, text: Array(text.utf8))
    return alternatives.contains { matcher.matchesAll($0) }
  }

  private static func cut(_ pieces: [Grammar.Piece]) -> [[Grammar.Piece]] {
    var lines: [[Grammar.Piece]] = [[]]
    for piece in pieces {
      guard case .text(let text) = piece else {
        lines[lines.count - 1].append(piece)
        continue
      }
      for (index, part) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
        if index > 0 { lines.append([]) }
        if !part.isEmpty { lines[lines.count - 1].append(.text(String(part))) }
      }
    }
    return lines
  }
}

extension GrammarRecognizer {
  /// How far a match has come, and the slot values it took on the way.
  fileprivate struct State: Hashable {
    var offset: Int
    var values: [String: String]
  }

  fileprivate struct Matcher {
    private struct Question: Hashable {
      var rule: String
      var state: State
    }

    let grammar: Grammar
    let text: [UInt8]
    private var known: [Question: Set<State>] = [:]

    init(grammar: Grammar, text: [UInt8]) {
      self.grammar = grammar
      self.text = text
    }

    mutating func matchesAll(_ pieces: [Grammar.Piece]) -> Bool {
      ends(of: pieces, from: State(offset: 0, values: [:])).contains { $0.offset == text.count }
    }

    private mutating func ends(of pieces: [Grammar.Piece], from start: State) -> Set<State> {
      var states: Set<State> = [start]
      for piece in pieces {
        var next: Set<State> = []
        for state in states { next.formUnion(ends(of: piece, from: state)) }
        states = next
      }
      return states
    }

    private mutating func ends(of piece: Grammar.Piece, from state: State) -> Set<State> {
      switch piece {
      case .text(let literal): literalEnd(literal, from: state).map { [$0] } ?? []
      case .slot(let name, let isCapitalized): slotEnds(name, isCapitalized: isCapitalized, from: state)
      case .rule(let name): ruleEnds(name, from: state)
      }
    }

    private mutating func ruleEnds(_ rule: String, from state: State) -> Set<State> {
      let question = Question(rule: rule, state: state)
      if let answer = known[question] { return answer }
      var answer: Set<State> = []
      for alternative in grammar.alternatives(of: rule) { answer.formUnion(ends(of: alternative.pieces, from: state)) }
      known[question] = answer
      return answer
    }

    private func slotEnds(_ slot: String, isCapitalized: Bool, from state: State) -> Set<State> {
      let candidates = state.values[slot].map { [$0] } ?? grammar.values(of: slot)
      let ends = candidates.compactMap { value -> State? in
        var end = literalEnd(isCapitalized ? value.capitalizedFirst : value, from: state)
        end?.values[slot] = value
        return end
      }
      return Set(ends)
    }

    private func literalEnd(_ literal: String, from state: State) -> State? {
      guard text[state.offset...].starts(with: literal.utf8) else { return nil }
      return State(offset: state.offset + literal.utf8.count, values: state.values)
    }
  }
}
