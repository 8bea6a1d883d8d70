import Basics
import ScriptedTeacher
import Testing

/// The grammar that ships: rich enough to ask often, regular enough for 60,000 parameters.
@Suite struct ThermostatGrammarTests {
  private static let sampleCount = 60_000

  @Test func thousandsOfExchangesAreReallyReached() throws {
    let grammar = try Grammars.thermostat()
    let exchanges = ScriptedTeacher(grammar: grammar).exchanges(seed: 11, count: Self.sampleCount).map(\.text)
    let lines = exchanges.map { $0.split(separator: "\n") }
    #expect(lines.allSatisfy { $0.count == 2 && $0[0].hasPrefix("> ") && $0[1].hasPrefix("< ") })
    #expect(Set(exchanges).count >= 20_000)
    #expect(Set(lines.map { $0[0] }).count >= 20_000)
    // Replies have one wording for one meaning.
    #expect(Set(lines.map { $0[1] }).count >= 5000)
    #expect(grammar.distinctCount >= 1_000_000)
  }

  @Test func exchangesAreShortPlainASCII() throws {
    for exchange in ScriptedTeacher(grammar: try Grammars.thermostat()).exchanges(seed: 12, count: 20_000) {
      #expect((16...160).contains(exchange.text.utf8.count), "\(exchange.text)")
      #expect(exchange.text.utf8.allSatisfy { $0 == 10 || (32...126).contains($0) }, "\(exchange.text)")
      #expect(!exchange.text.contains("  ") && !exchange.text.contains(" \n"), "\(exchange.text)")
    }
  }

  @Test func everyIntentIsSaid() throws {
    let exchanges = ScriptedTeacher(grammar: try Grammars.thermostat()).exchanges(seed: 13, count: 5000)
    #expect(Set(exchanges.compactMap { $0.labels["intent"] }).count == 25)
  }

  @Test func theRecognizerAcceptsWhatIsSaid() throws {
    let grammar = try Grammars.thermostat()
    let recognizer = GrammarRecognizer(grammar: grammar)
    for exchange in ScriptedTeacher(grammar: grammar).exchanges(seed: 14, count: 3000) {
      let lines = exchange.text.split(separator: "\n").map(String.init)
      #expect(recognizer.accepts(exchange: exchange.text), "\(exchange.text)")
      #expect(recognizer.accepts(utteranceLine: lines[0]), "\(lines[0])")
      #expect(recognizer.accepts(replyLine: lines[1]), "\(lines[1])")
    }
  }

  @Test func theRecognizerRejectsDamage() throws {
    let grammar = try Grammars.thermostat()
    let recognizer = GrammarRecognizer(grammar: grammar)
    var random = SeededGenerator(seed: 15)
    for exchange in ScriptedTeacher(grammar: grammar).exchanges(seed: 16, count: 1000) {
      let lines = exchange.text.split(separator: "\n").map(String.init)
      for line in lines {
        var bytes = Array(line.utf8)
        // No text of the grammar holds a tilde, so this is damage wherever it strikes.
        bytes[random.below(bytes.count)] = UInt8(ascii: "~")
        let damaged = String(decoding: bytes, as: UTF8.self)
        #expect(!recognizer.accepts(utteranceLine: damaged) && !recognizer.accepts(replyLine: damaged), "\(damaged)")
        #expect(!recognizer.accepts(utteranceLine: line + "x") && !recognizer.accepts(replyLine: line + "x"))
      }
      #expect(!recognizer.accepts(utteranceLine: lines[1]) && !recognizer.accepts(replyLine: lines[0]))
    }
  }

  @Test(arguments: [
    ("> set the attic to 20 degrees\n< Attic set to 21 degrees.", false),
    ("> set the attic to 20 degrees\n< Set the Attic to 20 C.", true),
    ("> set the attic to 20 degrees\n< Set the Office to 20 C.", false),
    ("> set the attic to 20 degrees\n< attic set to 20 degrees.", false),
    ("> set the attic to 99 degrees\n< Attic set to 99 degrees.", false),
    ("> set the attic to 20 degrees", false),
    ("", false),
  ])
  func theRecognizerWantsSlotsToAgree(exchange: String, isSaid: Bool) throws {
    #expect(GrammarRecognizer(grammar: try Grammars.thermostat()).accepts(exchange: exchange) == isSaid)
  }
}
