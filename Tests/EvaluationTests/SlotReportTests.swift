import Evaluation
import Formats
import Testing

@Suite("Intents with slots")
struct SlotReportTests {
  private static func label(_ text: String) -> SlottedLabel { SlottedLabel(parsing: text) }

  @Test("values have blanks, and what belongs to no slot makes another intent")
  func parsing() {
    let label = Self.label("SetHeat room=living room  degrees=21")
    #expect(label.intent == "SetHeat")
    #expect(label.slots == [.init(name: "room", value: "living room"), .init(name: "degrees", value: "21")])
    #expect(Self.label("Play") == SlottedLabel(parsing: " Play "))
    #expect(Self.label("Play it song=a=b") == Self.label("Play  it song=a=b"))
    #expect(Self.label("Play it song=a=b").intent == "Play it")
    #expect(Self.label("Play song=a=b").slots == [.init(name: "song", value: "a=b")])
    #expect(Self.label("Play song= x").slots == [.init(name: "song", value: "x")])
    #expect(Self.label("").intent.isEmpty && Self.label("").slots.isEmpty)
  }

  /// Counted by hand.
  @Test("exact answers, intents, and slots by name and value")
  func knownAnswer() {
    let report = SlotReport(
      [
        ("Set room=hall degrees=20", "Set degrees=20 room=hall"),  // all right, in another order
        ("Set room=hall degrees=20", "Set room=hall degrees=21"),  // one value wrong
        ("Set room=hall", "Ask room=hall"),  // the intent wrong
        ("Ask room=loft", "Ask"),  // a slot not said
        ("Ask", "Ask room=loft room=loft"),  // a slot too much, twice
        ("Ask room=attic", "Ask room=attic room=attic"),  // right once
      ].map { (SlottedLabel(parsing: $0.0), SlottedLabel(parsing: $0.1)) })
    #expect(report.exact == Proportion(rightCount: 1, count: 6))
    #expect(report.intent == Proportion(rightCount: 5, count: 6))
    // Expected: room 5, degrees 2. Said: room 7, degrees 2. Right: room 4, degrees 1.
    #expect(report.all.expectedCount == 7 && report.all.saidCount == 9 && report.all.rightCount == 5)
    #expect(abs(report.all.precision - 5.0 / 9) < 1e-12 && abs(report.all.recall - 5.0 / 7) < 1e-12)
    #expect(abs(report.all.f1 - 0.625) < 1e-12)
    #expect(report.slots["degrees"]?.f1 == 0.5 && report.slots["room"]?.rightCount == 4)
    #expect(SlotReport([]).all.f1 == 0)
    #expect(
      report.intents == [
        "Set": Proportion(rightCount: 1, count: 3), "Ask": Proportion(rightCount: 0, count: 3),
      ])
    #expect(report.refusals == nil)
  }

  @Test("refusals are told apart by what was expected, and other texts count for nothing else")
  func refusals() throws {
    let answers = [
      ("none", "none"), ("none", "none"), ("none", "Set room=hall"), ("Set room=hall", "none"),
      ("Set room=hall", "Set room=hall"), ("Set room=hall", "Set"), ("Ask", "Ask"),
      ("Ask", "none room=hall"),  // neither refused nor right
    ].map { (Self.label($0.0), Self.label($0.1)) }
    let report = SlotReport(answers, none: Self.label("none"), outOfScope: ["none", "Ask"].map(Self.label))
    let refusals = try #require(report.refusals)
    #expect(refusals.refused == Proportion(rightCount: 2, count: 3))
    #expect(refusals.falseRefusals == Proportion(rightCount: 1, count: 5))
    #expect(refusals.outOfScope == Proportion(rightCount: 1, count: 2))
    #expect(report.exact == Proportion(rightCount: 4, count: 8) && report.all.saidCount == 3)
    #expect(SlotReport(answers, none: Self.label("none")).refusals?.outOfScope == nil)
  }
}
