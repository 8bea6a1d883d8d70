/// A grammar in bytes and positions, for matching: names are looked up once, not at every byte.
struct CompiledGrammar: Sendable {
  enum Piece: Sendable {
    case literal([UInt8])
    case slot(Int, isCapitalized: Bool)
    case rule(Int)
  }

  struct Alternative: Sendable {
    var pieces: [Piece]
    var labels: [String: String]
    /// The bytes it may begin with; all of them where it may be empty, since what follows then decides.
    var firstBytes: ByteSet = .all
  }

  struct Slot: Sendable {
    var name: String
    var values: [String]
    var plain: [[UInt8]]
    var capitalized: [[UInt8]]
  }

  /// One alternative of the start rule.
  struct Start: Sendable {
    var lines: [[Piece]]
    var labels: [String: String]
    /// For each slot, the one whose values it takes here.
    var slotMap: [Int]
    /// For each slot, whether every reply says it: what a request names there has to come back.
    var isRepeated: [Bool]
  }

  let slots: [Slot]
  private(set) var rules: [[Alternative]] = []
  private(set) var starts: [Start] = []

  init(_ grammar: Grammar) {
    slots = grammar.slots.map { slot in
      Slot(
        name: slot.name, values: slot.values, plain: slot.values.map { Array($0.utf8) },
        capitalized: slot.values.map { Array($0.capitalizedFirst.utf8) })
    }
    let ruleNumbers = Dictionary(grammar.rules.enumerated().map { ($1.name, $0) }) { first, _ in first }
    func compile(_ piece: Grammar.Piece) -> Piece? {
      switch piece {
      case .text(let text): .literal(Array(text.utf8))
      case .slot(let name, let isCapitalized):
        grammar.position(ofSlot: name).map { .slot($0, isCapitalized: isCapitalized) }
      case .rule(let name): ruleNumbers[name].map(Piece.rule)
      }
    }
    rules = grammar.rules.map { rule in
      rule.alternatives.map { Alternative(pieces: $0.pieces.compactMap(compile), labels: $0.labels) }
    }
    starts = zip(grammar.alternatives(of: grammar.start), grammar.startLines).map { alternative, lines in
      Start(
        lines: lines.map { $0.compactMap(compile) }, labels: alternative.labels,
        slotMap: grammar.slots.indices.map { grammar.position(of: $0, below: alternative) },
        isRepeated: grammar.slots.map { slot in
          lines.dropFirst().contains { grammar.always($0, say: slot.name) }
        })
    }
    findFirstBytes()
  }

  private mutating func findFirstBytes() {
    var known: [Int: (bytes: ByteSet, mayBeEmpty: Bool)] = [:]
    func first(of pieces: [Piece]) -> (bytes: ByteSet, mayBeEmpty: Bool) {
      var bytes = ByteSet()
      for piece in pieces {
        let next = first(of: piece)
        bytes.formUnion(next.bytes)
        if !next.mayBeEmpty { return (bytes, false) }
      }
      return (bytes, true)
    }
    func first(of piece: Piece) -> (bytes: ByteSet, mayBeEmpty: Bool) {
      switch piece {
      case .literal(let text): return (ByteSet(text.prefix(1)), text.isEmpty)
      case .slot:
        // An alternative of the start rule may put another slot in its place.
        return (.all, false)
      case .rule(let number):
        if let answer = known[number] { return answer }
        let parts = rules[number].map { first(of: $0.pieces) }
        var bytes = ByteSet()
        for part in parts { bytes.formUnion(part.bytes) }
        let answer = (bytes, parts.contains { $0.mayBeEmpty })
        known[number] = answer
        return answer
      }
    }
    for rule in rules.indices {
      for index in rules[rule].indices {
        let (bytes, mayBeEmpty) = first(of: rules[rule][index].pieces)
        if !mayBeEmpty { rules[rule][index].firstBytes = bytes }
      }
    }
  }
}

extension Grammar {
  /// The slot whose values stand in a slot's place below an alternative of the start rule.
  fileprivate func position(of slot: Int, below alternative: Alternative) -> Int {
    alternative.instead[slots[slot].name].flatMap(position(ofSlot:)) ?? slot
  }

  /// Whether each way to write the pieces out says a slot.
  fileprivate func always(_ pieces: [Piece], say slot: String) -> Bool {
    pieces.contains { piece in
      switch piece {
      case .text: false
      case .slot(let name, _): name == slot
      case .rule(let rule): alternatives(of: rule).allSatisfy { always($0.pieces, say: slot) }
      }
    }
  }
}
