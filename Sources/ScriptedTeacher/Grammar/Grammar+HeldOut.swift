/// The parts of a grammar that its teacher never says, so that an evaluation can ask what training never saw.
public struct HeldOutParts: OptionSet, Hashable, Sendable {
  public let rawValue: Int

  public init(rawValue: Int) { self.rawValue = rawValue }

  /// Alternatives that are `heldOut`: phrasings that training never saw.
  public static let phrasings = HeldOutParts(rawValue: 1)
  /// Values of slots that are `heldOut`: other rooms, other numbers.
  public static let values = HeldOutParts(rawValue: 2)
  public static let all: HeldOutParts = [.phrasings, .values]
}

extension Grammar {
  /// The same grammar with some held-out parts as ordinary ones, and without the others.
  ///
  /// What a teacher says is `saying([])`, what a judge knows is `saying(.all)`.
  func saying(_ parts: HeldOutParts) -> Grammar {
    let slots = slots.map { slot in
      Slot(name: slot.name, values: parts.contains(.values) ? slot.values + slot.heldOut : slot.values)
    }
    let rules = rules.map { rule in
      let alternatives = rule.alternatives.filter { parts.contains(.phrasings) || !$0.isHeldOut }
      return Rule(name: rule.name, alternatives: alternatives)
    }
    return Grammar(
      id: id, name: name, exchangesPerAnswer: exchangesPerAnswer, start: start, slots: slots, rules: rules,
      matching: matching, noise: noise)
  }
}
