import ScriptedTeacher
import Testing

@Suite struct GenerationTests {
  private func answers(
    _ prompt: String, _ grammar: Grammar, seed: UInt64 = 1, temperature: Double = 1, count: Int = 1
  ) throws -> [ScriptedTeacher.Answer] {
    try ScriptedTeacher(grammar: grammar).answers(
      to: [.init(role: "user", content: prompt)], seed: seed, temperature: temperature, count: count)
  }

  @Test func derivationsAreCountedExactly() throws {
    // 2 openings x 2 rooms x 3 temperatures, and 2 greetings; slots count once, though each stands in both lines.
    #expect(try Grammars.parseSmall().distinctCount == 2 * 2 * 3 + 2)
    #expect(try Grammars.parseSmall().distinctCount(of: "hello") == 2)
  }

  @Test func everyDerivationIsReached() throws {
    let grammar = try Grammars.parseSmall()
    let texts = Set(ScriptedTeacher(grammar: grammar).exchanges(seed: 3, count: 2000).map(\.text))
    #expect(UInt64(texts.count) == grammar.distinctCount)
  }

  @Test func aCountThatOverflowsStaysAtTheTop() throws {
    let pieces = (0..<70).map { _ in "<bit>" }.joined()
    let grammar = try GrammarFile.parse(
      "{schema: alambic.grammar/1, name: x, start: s, rules: {s: ['\(pieces)'], bit: [a, b]}}", name: "x")
    #expect(grammar.distinctCount == .max)
  }

  @Test func slotsAgreeWithinAnExchange() throws {
    for exchange in ScriptedTeacher(grammar: try Grammars.parseSmall()).exchanges(seed: 5, count: 300) {
      let lines = exchange.text.split(separator: "\n")
      try #require(lines.count == 2)
      guard exchange.labels["intent"] == "heat" else { continue }
      let degrees = try #require(lines[0].split(separator: " ").last)
      let room = lines[0].contains("attic") ? "Attic" : "Hall"
      #expect(lines[1] == "< \(room) set to \(degrees).")
    }
  }

  @Test func theSameQuestionGetsTheSameAnswer() throws {
    let grammar = try Grammars.thermostat()
    let first = try answers("ten exchanges", grammar, seed: 7, count: 3)
    #expect(first == (try answers("ten exchanges", grammar, seed: 7, count: 3)))
    #expect(Set(first.map(\.text)).count == 3)
    #expect(first != (try answers("ten exchanges", grammar, seed: 8, count: 3)))
    #expect(first != (try answers("ten exchanges!", grammar, seed: 7, count: 3)))
  }

  @Test func answersStayAsTheyAre() throws {
    // Recorded once: a change here makes every stored answer's identity a lie.
    let texts = try answers("heating in the attic", try Grammars.parseSmall()).map(\.text)
    #expect(
      texts == [
        "> please heat the attic to 20.5\n< Attic set to 20.5.\n\n> please heat the attic to 21\n< Attic set to 21."
      ])
  }

  @Test func wordsOfThePromptDecide() throws {
    let answer = try answers("Politely, about HEATING; in the hall.", try Grammars.parseSmall(), count: 50)
    #expect(answer.allSatisfy { $0.labels.allSatisfy { $0 == ["intent": "heat", "tone": "polite"] } })
    #expect(answer.allSatisfy { $0.text.contains("please heat the hall") && !$0.text.contains("attic") })
    // "hallway" is another word than "hall".
    let unbound = try answers("heating in the hallway", try Grammars.parseSmall(), count: 50)
    #expect(unbound.contains { $0.text.contains("attic") })
  }

  @Test func promptsOfTheThermostatDecideToo() throws {
    let answers = try answers(
      "Write exchanges about lowering the temperature in the living room.", try Grammars.thermostat(), count: 20)
    #expect(answers.allSatisfy { $0.labels.count == 40 && $0.labels.allSatisfy { $0["intent"] == "lower" } })
    #expect(answers.allSatisfy { $0.text.contains("living room") && !$0.text.contains("kitchen") })
  }

  @Test func temperatureSharpensAndFlattensWeights() throws {
    let grammar = try Grammars.parseSmall()
    func greetings(_ temperature: Double) throws -> Int {
      try answers("talk", grammar, temperature: temperature, count: 1500).flatMap(\.labels)
        .filter { $0["intent"] == "greet" }.count
    }
    // Weights 2 : 1 give 2000 of 3000 at temperature 1, 2 ^ 2 : 1 give 2400 at 1/2, and 2 ^ (1/2) : 1 give 1757 at 2.
    // Five standard deviations are below 137.
    #expect(abs(try greetings(1) - 2000) < 137)
    #expect(abs(try greetings(0.5) - 2400) < 137)
    #expect(abs(try greetings(2) - 1757) < 137)
    #expect(try greetings(0) == 3000)
  }
}
