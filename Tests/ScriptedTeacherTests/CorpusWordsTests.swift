import Foundation
import ScriptedTeacher
import TestSupport
import Testing

/// The word lists of a corpus and the `match` section of its teacher's grammar say the same.
@Suite struct CorpusWordsTests {
  private static let corpora = ["thermostat", "commands"]

  private func words(_ list: String, of corpus: String) throws -> [String] {
    let text = try String(
      contentsOfFile: "\(PackageRoot.path)/Corpora/\(corpus)/words/\(list).txt", encoding: .utf8)
    return text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
  }

  private func grammar(of corpus: String) throws -> Grammar {
    try GrammarFile.read("\(PackageRoot.path)/teachers/\(corpus).grammar.yaml")
  }

  @Test(arguments: corpora)
  func everyTopicAsksForOneIntent(corpus: String) throws {
    let grammar = try grammar(of: corpus)
    for topic in try words("topics", of: corpus) {
      let reading = PromptReading(of: "Write about \(topic).", by: grammar)
      #expect(reading.labels["intent"]?.count == 1, "\(topic)")
      #expect(reading.slotValues.isEmpty, "\(topic)")
    }
  }

  @Test(arguments: corpora)
  func everyRoomIsBound(corpus: String) throws {
    let grammar = try grammar(of: corpus)
    for room in try words("rooms", of: corpus) {
      #expect(PromptReading(of: "in the \(room)", by: grammar).slotValues == ["room": [room]])
    }
  }

  @Test(arguments: corpora)
  func mannersAskForTones(corpus: String) throws {
    let grammar = try grammar(of: corpus)
    let tones = try words("manners", of: corpus).map { PromptReading(of: $0, by: grammar).labels["tone"] }
    #expect(tones == [["polite"], ["terse"], nil])
  }

  @Test(arguments: corpora, ["people", "times"])
  func otherWordsAskForNothing(corpus: String, list: String) throws {
    let grammar = try grammar(of: corpus)
    for word in try words(list, of: corpus) {
      #expect(PromptReading(of: word, by: grammar) == PromptReading(), "\(word)")
    }
  }
}
