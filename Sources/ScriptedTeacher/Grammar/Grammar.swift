import Basics
import Lineage

/// A probabilistic grammar with slots and labels: everything a scripted teacher can say (docs/formats/grammar.md).
///
/// Rules do not refer to themselves, so a grammar has finitely many derivations and `distinctCount` counts them.
public struct Grammar: Hashable, Sendable {
  public static let schema = "alambic.grammar/1"

  /// The id of the grammar's file: it names the teacher where a server's address would.
  public let id: ContentID
  public let name: String
  /// How many exchanges one answer holds, a blank line between two.
  public let exchangesPerAnswer: Int
  /// The rule that an exchange is derived from.
  public let start: String
  /// In the file's order.
  let slots: [Slot]
  /// In the file's order.
  let rules: [Rule]
  let matching: Matching
  let noise: TypingNoise

  private let slotPositions: [String: Int]
  private let rulePositions: [String: Int]

  init(
    id: ContentID, name: String, exchangesPerAnswer: Int, start: String, slots: [Slot], rules: [Rule],
    matching: Matching, noise: TypingNoise
  ) {
    self.id = id
    self.name = name
    self.exchangesPerAnswer = exchangesPerAnswer
    self.start = start
    self.slots = slots
    self.rules = rules
    self.matching = matching
    self.noise = noise
    slotPositions = Dictionary(slots.enumerated().map { ($1.name, $0) }) { first, _ in first }
    rulePositions = Dictionary(rules.enumerated().map { ($1.name, $0) }) { first, _ in first }
  }

  /// Where a slot stands in `slots`; nil for an unknown name.
  func position(ofSlot name: String) -> Int? { slotPositions[name] }

  /// A rule's alternatives; none for an unknown name.
  func alternatives(of rule: String) -> [Alternative] {
    rulePositions[rule].map { rules[$0].alternatives } ?? []
  }

  /// A slot's values that are never taught; none for an unknown name.
  func heldOutValues(of slot: String) -> [String] {
    slotPositions[slot].map { slots[$0].heldOut } ?? []
  }

  /// The values a slot may take; none for an unknown name.
  func values(of slot: String) -> [String] {
    slotPositions[slot].map { slots[$0].values } ?? []
  }
}

extension Grammar {
  /// A place for a word. It has one value within an exchange, so that a request and its reply agree.
  struct Slot: Hashable, Sendable {
    var name: String
    var values: [String]
    /// Values that are never taught: what a student makes of them, only an evaluation asks.
    var heldOut: [String] = []
  }

  struct Rule: Hashable, Sendable {
    var name: String
    var alternatives: [Alternative]
  }

  /// One way to write a rule out.
  struct Alternative: Hashable, Sendable {
    var pieces: [Piece]
    /// Relative to the weights beside it; above 0.
    var weight: Double
    /// What choosing it says about the exchange: `intent: lower`.
    var labels: [String: String]
    /// Never taught: a phrasing that only an evaluation uses.
    var isHeldOut = false
    /// For a slot, the slot whose values stand in its place below this alternative; of the start rule only.
    var instead: [String: String] = [:]
  }

  enum Piece: Hashable, Sendable {
    case text(String)
    /// `{room}`, or `{Room}` for the same value with a capital letter.
    case slot(String, isCapitalized: Bool)
    case rule(String)
  }

  /// Which words of a prompt restrict what is answered.
  struct Matching: Hashable, Sendable {
    /// Slots that a prompt binds by naming one of their values.
    var slots: [String] = []
    /// In the file's order.
    var labels: [LabelWords] = []
  }

  /// The words or phrases of a prompt that ask for one value of a label.
  struct LabelWords: Hashable, Sendable {
    var label: String
    var value: String
    var phrases: [String]
  }
}

extension String {
  /// The same text with its first letter a capital.
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
