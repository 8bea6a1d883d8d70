import Basics
import Foundation
import ScriptedTeacher
import Testing

@Suite struct GrammarFileTests {
  /// A mistake, made in the small grammar by replacing one text by another, and what has to be said about it.
  struct Mistake: CustomTestStringConvertible, Sendable {
    var replaced: String
    var by: String
    var message: String
    var hint: String?
    var testDescription: String { message }
  }

  static let mistakes = [
    Mistake(replaced: "<hello>", by: "<helo>", message: "uses the rule 'helo', which is not defined", hint: "'hello'"),
    Mistake(replaced: "to {degrees}\\n", by: "to {degree}\\n", message: "uses the slot 'degree'", hint: "'degrees'"),
    Mistake(replaced: "start: exchange", by: "start: exchang", message: "start names the rule 'exchang'"),
    Mistake(replaced: "< <hello>", by: "< Hello.", message: "never uses the rule 'hello'"),
    Mistake(replaced: "room: [attic, hall]", by: "room: [attic, hall]\n  day: [today]", message: "uses the slot 'day'"),
    Mistake(replaced: "Hello.,", by: "Hello <exchange>,", message: "exchange -> hello -> exchange"),
    Mistake(replaced: "weight: 2", by: "weight: 0", message: "rules.exchange.1.weight (line 11) is 0.0"),
    Mistake(replaced: "weight: 2", by: "weight: -1", message: "should be above 0"),
    Mistake(replaced: "weight: 2", by: "weight: heavy", message: "should be a number"),
    Mistake(replaced: "weight: 2", by: "wieght: 2", message: "is not a known key", hint: "'weight'"),
    Mistake(replaced: "[attic, hall]", by: "[]", message: "slots.room (line 6) is an empty list"),
    Mistake(replaced: "[attic, hall]", by: "[attic, attic]", message: "holds a value twice"),
    Mistake(replaced: "[Hello., Good day.]", by: "[]", message: "rules.hello (line 13) is an empty list"),
    Mistake(replaced: "step: 0.5", by: "step: 0", message: "a step above 0"),
    Mistake(replaced: "to: 21", by: "to: 19", message: "from below to"),
    Mistake(replaced: "step: 0.5", by: "step: 0.00001", message: "more than 10000 values"),
    Mistake(replaced: "{Room}", by: "{Room", message: "which is not a name"),
    Mistake(replaced: "Good day.", by: "Good <day", message: "without its '>'"),
    Mistake(replaced: "Good day.", by: "\"Good\\nday.\"", message: "has a line end"),
    Mistake(replaced: "slots: [room]", by: "slots: [rom]", message: "match.slots names the slot 'rom'", hint: "'room'"),
    Mistake(replaced: "heat: [heating]", by: "het: [heating]", message: "names the label 'intent: het'"),
    Mistake(replaced: "alambic.grammar/1", by: "alambic.grammar/2", message: "this version reads alambic.grammar/1"),
    Mistake(replaced: "exchangesPerAnswer: 2", by: "exchangesPerAnswer: 0", message: "outside 1"),
    Mistake(replaced: "opening: [", by: "hello: [", message: "is not readable as YAML"),
    Mistake(replaced: "name: thermostat", by: "name: [thermostat", message: "is not readable as YAML"),
  ]

  @Test(arguments: mistakes)
  func saysWhatIsWrong(mistake: Mistake) throws {
    let text = Grammars.small.replacingFirst(mistake.replaced, by: mistake.by)
    try #require(text != Grammars.small)
    let error = try #require(throws: HintedError.self) { try GrammarFile.parse(text, name: "small.grammar.yaml") }
    #expect(error.message.hasPrefix("small.grammar.yaml"))
    #expect(error.message.contains(mistake.message), "\(error)")
    if let hint = mistake.hint { #expect(error.hint?.contains(hint) == true, "\(error)") }
  }

  @Test(arguments: ["", "- a\n- b\n", "just words", "schema: alambic.grammar/1"])
  func refusesWhatIsNoGrammar(text: String) {
    #expect(throws: HintedError.self) { try GrammarFile.parse(text, name: "x") }
  }

  @Test func everyTruncationIsReadOrRefused() {
    let text = Grammars.small
    for length in 0..<text.utf8.count {
      guard let part = String(text.utf8.prefix(length)) else { continue }
      do { _ = try GrammarFile.parse(part, name: "x") } catch { #expect(error is HintedError, "\(length): \(error)") }
    }
  }
}

extension String {
  func replacingFirst(_ text: String, by other: String) -> String {
    guard let range = firstRange(of: text) else { return self }
    return replacingCharacters(in: range, with: other)
  }
}
