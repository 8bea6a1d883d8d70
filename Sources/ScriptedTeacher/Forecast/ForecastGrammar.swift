/// What a teacher says, in bytes and probabilities: names are looked up once, and each alternative knows how likely it
/// is.
struct ForecastGrammar {
  enum Piece {
    /// A number in `literals`; never an empty text.
    case literal(Int32)
    case slot(Int, isCapitalized: Bool)
    case rule(Int)
  }

  struct Slot {
    /// For each value, its text's number in `literals`.
    var plain: [Int32] = []
    var capitalized: [Int32] = []
  }

  struct Alternative {
    /// A number in `lists`.
    var list: Int32
    var probability: Double
  }

  struct Start {
    var list: Int32
    var probability: Double
    /// For each slot, the one whose values it takes below.
    var slotMap: [Int]
  }

  private(set) var literals: [[UInt8]] = []
  private(set) var lists: [[Piece]] = []
  private(set) var slots: [Slot] = []
  /// By rule.
  private(set) var rules: [[Alternative]] = []
  private(set) var starts: [Start] = []
  private var literalNumbers: [[UInt8]: Int32] = [:]

  /// - Parameters:
  ///   - grammar: without what it holds out.
  ///   - temperature: of the teacher; 0 for its likeliest alternatives and first values alone.
  init(_ grammar: Grammar, temperature: Double) {
    for slot in grammar.slots {
      let values = temperature > 0 ? slot.values : Array(slot.values.prefix(1))
      slots.append(
        Slot(
          plain: values.map { literal($0) }, capitalized: values.map { literal($0.capitalizedFirst) }))
    }
    for rule in grammar.rules {
      let probabilities = Self.probabilities(of: rule.alternatives, temperature: temperature)
      let made = zip(rule.alternatives, probabilities).map { alternative, probability in
        Alternative(list: list(alternative.pieces, grammar), probability: probability)
      }
      rules.append(made)
      guard rule.name == grammar.start else { continue }
      starts = zip(rule.alternatives, made).map { alternative, made in
        Start(
          list: made.list, probability: made.probability,
          slotMap: grammar.slots.indices.map { slot in
            alternative.instead[grammar.slots[slot].name].flatMap(grammar.position(ofSlot:)) ?? slot
          })
      }
    }
  }

  /// As the generator draws them.
  private static func probabilities(of alternatives: [Grammar.Alternative], temperature: Double) -> [Double] {
    guard temperature > 0 else {
      let heaviest = alternatives.map(\.weight).max()
      let chosen = alternatives.firstIndex { $0.weight == heaviest }
      return alternatives.indices.map { $0 == chosen ? 1 : 0 }
    }
    let shares = ExchangeGenerator.shares(of: alternatives, temperature: temperature)
    let sum = Double(shares.reduce(0, +))
    return shares.map { Double($0) / sum }
  }

  private mutating func list(_ pieces: [Grammar.Piece], _ grammar: Grammar) -> Int32 {
    var list: [Piece] = []
    for piece in pieces {
      switch piece {
      case .text(let text): if !text.isEmpty { list.append(.literal(literal(text))) }
      case .slot(let name, let isCapitalized):
        if let slot = grammar.position(ofSlot: name) { list.append(.slot(slot, isCapitalized: isCapitalized)) }
      case .rule(let name):
        if let rule = grammar.rules.firstIndex(where: { $0.name == name }) { list.append(.rule(rule)) }
      }
    }
    lists.append(list)
    return Int32(lists.count - 1)
  }

  private mutating func literal(_ text: String) -> Int32 {
    let bytes = Array(text.utf8)
    if let number = literalNumbers[bytes] { return number }
    literals.append(bytes)
    literalNumbers[bytes] = Int32(literals.count - 1)
    return Int32(literals.count - 1)
  }
}
