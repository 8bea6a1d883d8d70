import Basics
import Formats

/// An intent with its slots, as a student writes it: `SetHeat room=living room degrees=21`. The first word is the
/// intent; a word with `=` begins a slot, and words without go on with its value.
public struct SlottedLabel: Hashable, Sendable {
  public struct Slot: Hashable, Sendable {
    public var name: String
    public var value: String

    public init(name: String, value: String) { (self.name, self.value) = (name, value) }
  }

  public var intent: String
  public var slots: [Slot]

  public init(parsing text: String) {
    let words = text.split(whereSeparator: \.isWhitespace)
    intent = words.first.map(String.init) ?? ""
    slots = []
    for word in words.dropFirst() {
      if let sign = word.firstIndex(of: "="), sign > word.startIndex {
        slots.append(Slot(name: String(word[..<sign]), value: String(word[word.index(after: sign)...])))
      } else if !slots.isEmpty {
        slots[slots.count - 1].value += slots[slots.count - 1].value.isEmpty ? "\(word)" : " \(word)"
      } else {
        // What belongs to no slot makes the intent another one.
        intent += " \(word)"
      }
    }
  }

  /// Whether two labels have the same intent and the same slots, in any order.
  public func means(_ other: SlottedLabel) -> Bool {
    intent == other.intent && counted == other.counted
  }

  private var counted: [Slot: Int] { slots.reduce(into: [:]) { $0[$1, default: 0] += 1 } }
}

/// How many intents and slots were found. A slot is found where its name and its whole value are said, in any order:
/// precision, recall and F1 over all slots of all texts, as CoNLL-2000 counts phrases.
public struct SlotReport: Codable, Hashable, Sendable {
  public struct Counts: Codable, Hashable, Sendable {
    public var expectedCount = 0
    public var saidCount = 0
    public var rightCount = 0

    /// 0 where nothing was said.
    public var precision: Double { saidCount == 0 ? 0 : Double(rightCount) / Double(saidCount) }
    /// 0 where nothing was expected.
    public var recall: Double { expectedCount == 0 ? 0 : Double(rightCount) / Double(expectedCount) }
    public var f1: Double {
      rightCount == 0 ? 0 : 2 * Double(rightCount) / Double(expectedCount + saidCount)
    }

    private enum CodingKeys: CodingKey { case expectedCount, saidCount, rightCount, f1 }

    public init() {}

    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      expectedCount = try values.decode(Int.self, forKey: .expectedCount)
      saidCount = try values.decode(Int.self, forKey: .saidCount)
      rightCount = try values.decode(Int.self, forKey: .rightCount)
    }

    public func encode(to encoder: any Encoder) throws {
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encode(expectedCount, forKey: .expectedCount)
      try values.encode(saidCount, forKey: .saidCount)
      try values.encode(rightCount, forKey: .rightCount)
      try values.encode(f1, forKey: .f1)
    }
  }

  /// Of texts for which `none` is the right answer, how many get it, and of the others, how many get it wrongly.
  public struct Refusals: Codable, Hashable, Sendable {
    /// Of the labelled texts that are out of scope.
    public var refused: Proportion
    /// Of the labelled texts that are in scope; right here means refused, so less is better.
    public var falseRefusals: Proportion
    /// Of a list of other texts; nil where there is none.
    public var outOfScope: Proportion?
  }

  /// The intent and all slots, and no other slot.
  public var exact: Proportion
  public var intent: Proportion
  /// Of all slots.
  public var all: Counts
  /// By the slot's name.
  public var slots: [String: Counts]
  /// Exact answers by the intent that was expected.
  public var intents: [String: Proportion]
  /// Nil where no label means that a text is out of scope.
  public var refusals: Refusals?

  /// - Parameters:
  ///   - answers: what was expected of each text, and what was said.
  ///   - none: the label of texts that are out of scope.
  ///   - outOfScope: what was said of further texts for which `none` is right; they count for nothing else.
  public init(
    _ answers: [(expected: SlottedLabel, said: SlottedLabel)], none: SlottedLabel? = nil,
    outOfScope: [SlottedLabel]? = nil
  ) {
    var slots: [String: Counts] = [:]
    for answer in answers {
      for slot in answer.expected.slots { slots[slot.name, default: Counts()].expectedCount += 1 }
      var left = answer.expected.slots
      for slot in answer.said.slots {
        slots[slot.name, default: Counts()].saidCount += 1
        // Said twice is right once, unless it was expected twice.
        guard let place = left.firstIndex(of: slot) else { continue }
        left.remove(at: place)
        slots[slot.name, default: Counts()].rightCount += 1
      }
    }
    intents = answers.reduce(into: [:]) {
      $0[$1.expected.intent, default: Proportion(rightCount: 0, count: 0)].add($1.expected.means($1.said))
    }
    exact = Proportion(rightCount: intents.values.reduce(0) { $0 + $1.rightCount }, count: answers.count)
    intent = Proportion(rightCount: answers.count { $0.expected.intent == $0.said.intent }, count: answers.count)
    self.slots = slots
    all = slots.values.reduce(into: Counts()) { sum, counts in
      sum.expectedCount += counts.expectedCount
      sum.saidCount += counts.saidCount
      sum.rightCount += counts.rightCount
    }
    refusals = none.map { none in
      func refused(_ said: [SlottedLabel]) -> Proportion {
        Proportion(rightCount: said.count(where: none.means), count: said.count)
      }
      return Refusals(
        refused: refused(answers.filter { none.means($0.expected) }.map(\.said)),
        falseRefusals: refused(answers.filter { !none.means($0.expected) }.map(\.said)),
        outOfScope: outOfScope.map(refused))
    }
  }
}
