extension Grammar {
  /// How many different exchanges a teacher can say: every choice of alternatives with every value of the slots used,
  /// without what is held out.
  ///
  /// Two derivations may read alike, so this bounds the number of texts from above. Counted exactly, by dynamic
  /// programming over rules; a count beyond `UInt64.max` stays there.
  public var distinctCount: UInt64 { distinctCount(of: start) }

  /// As `distinctCount`, for what one rule derives by itself.
  public func distinctCount(of rule: String) -> UInt64 {
    var counter = DerivationCounter(grammar: saying([]))
    return counter.counts(of: rule).reduce(0) { total, entry in
      total.saturatingAdding(entry.value.saturatingMultiplied(by: counter.valueCount(ofSlots: entry.key)))
    }
  }
}

/// Counts derivations by the set of slots that they use: slots have one value in all of an exchange, so that their
/// values may be multiplied in only when the whole set is known.
private struct DerivationCounter {
  /// A bit for each slot of the grammar.
  typealias SlotSet = UInt64

  let grammar: Grammar
  private var known: [String: [SlotSet: UInt64]] = [:]

  init(grammar: Grammar) { self.grammar = grammar }

  mutating func counts(of rule: String) -> [SlotSet: UInt64] {
    if let counts = known[rule] { return counts }
    var total: [SlotSet: UInt64] = [:]
    for alternative in grammar.alternatives(of: rule) {
      let counts = counts(of: alternative.pieces)
      for (slots, count) in counts {
        total[replacing(alternative.instead, in: slots), default: 0].saturatingAdd(count)
      }
    }
    known[rule] = total
    return total
  }

  private mutating func counts(of pieces: [Grammar.Piece]) -> [SlotSet: UInt64] {
    var product: [SlotSet: UInt64] = [0: 1]
    for piece in pieces {
      switch piece {
      case .text: break
      case .slot(let name, _): product = Self.product(product, [bit(of: name): 1])
      case .rule(let name): product = Self.product(product, counts(of: name))
      }
    }
    return product
  }

  func valueCount(ofSlots set: SlotSet) -> UInt64 {
    grammar.slots.enumerated().reduce(1) { product, entry in
      guard set & (1 << SlotSet(entry.offset)) != 0 else { return product }
      return product.saturatingMultiplied(by: UInt64(entry.element.values.count))
    }
  }

  /// A set with other slots in the place of some.
  private func replacing(_ instead: [String: String], in set: SlotSet) -> SlotSet {
    instead.reduce(set) { replaced, entry in
      set & bit(of: entry.key) == 0 ? replaced : replaced & ~bit(of: entry.key) | bit(of: entry.value)
    }
  }

  private func bit(of slot: String) -> SlotSet {
    grammar.position(ofSlot: slot).map { 1 << SlotSet($0) } ?? 0
  }

  private static func product(_ left: [SlotSet: UInt64], _ right: [SlotSet: UInt64]) -> [SlotSet: UInt64] {
    var product: [SlotSet: UInt64] = [:]
    for (leftSet, leftCount) in left {
      for (rightSet, rightCount) in right {
        let count = leftCount.saturatingMultiplied(by: rightCount)
        product[leftSet | rightSet, default: 0].saturatingAdd(count)
      }
    }
    return product
  }
}

extension UInt64 {
  fileprivate mutating func saturatingAdd(_ other: UInt64) { self = saturatingAdding(other) }

  fileprivate func saturatingAdding(_ other: UInt64) -> UInt64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }

  fileprivate func saturatingMultiplied(by other: UInt64) -> UInt64 {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}
