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

  /// A grammar whose rules each refer to the next one so often; the last one says 100 bytes.
  static func chain(_ count: Int, times: Int = 1, reversed: Bool = false, perAnswer: Int = 1, said: Int = 100) -> String
  {
    var rules = (0..<count - 1).map { "  r\($0): [\"\(String(repeating: "<r\($0 + 1)>", count: times))\"]\n" }
    rules.append("  r\(count - 1): [\(String(repeating: "x", count: said))]\n")
    if reversed { rules.reverse() }
    return "schema: alambic.grammar/1\nname: chain\nexchangesPerAnswer: \(perAnswer)\nstart: r0\nrules:\n"
      + rules.joined()
  }

  @Test("rules nest 100 deep and no deeper, whatever their order", arguments: [false, true])
  func depth(reversed: Bool) throws {
    let deepest = try GrammarFile.parse(Self.chain(100, reversed: reversed), name: "x")
    #expect(deepest.distinctCount == 1)
    for count in [101, 20_000] {
      let error = try #require(throws: HintedError.self) {
        try GrammarFile.parse(Self.chain(count, reversed: reversed), name: "x")
      }
      #expect(error.message.hasPrefix("x nests rules more than 100 deep below 'r"), "\(error)")
    }
  }

  @Test("an exchange has 64 KiB at most, and an answer 4 MiB")
  func length() throws {
    // 2^10 and 2^16 times what the last rule says.
    _ = try GrammarFile.parse(Self.chain(11, times: 2, said: 64), name: "x")
    _ = try GrammarFile.parse(Self.chain(11, times: 2, perAnswer: 64, said: 64), name: "x")
    let mistakes = [
      (Self.chain(11, times: 2, said: 65), "an exchange of 66560 bytes, more than 65536"),
      (Self.chain(61, times: 2), "an exchange of 2^63 bytes"),
      (Self.chain(11, times: 2, perAnswer: 65, said: 64), "an answer of 4259840 bytes, more than 4194304"),
    ]
    for (text, message) in mistakes {
      let error = try #require(throws: HintedError.self) { try GrammarFile.parse(text, name: "x") }
      #expect(error.message.contains(message), "\(error)")
    }
  }

  @Test("the longest value of a slot counts, one that is held out or stands in its place too")
  func slotLength() throws {
    let text = """
      schema: alambic.grammar/1
      name: x
      start: r0
      slots: {a: [b], c: {values: [d], heldOut: [\(String(repeating: "e", count: 1000))]}}
      rules:
        r0: [{text: "\(String(repeating: "{a}", count: 66))", instead: {a: c}}]
      """
    let error = try #require(throws: HintedError.self) { try GrammarFile.parse(text, name: "x") }
    #expect(error.message.contains("an exchange of 66000 bytes"), "\(error)")
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
