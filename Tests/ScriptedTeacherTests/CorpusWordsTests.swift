import Foundation
import ScriptedTeacher
import TestSupport
import Testing

/// The word lists of Corpora/thermostat and the grammar's `match` section say the same.
@Suite struct CorpusWordsTests {
  private func words(_ list: String) throws -> [String] {
    let text = try String(contentsOfFile: "\(PackageRoot.path)/Corpora/thermostat/words/\(list).txt", encoding: .utf8)
    return text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
  }

  @Test func everyTopicAsksForOneIntent() throws {
    let grammar = try Grammars.thermostat()
    for topic in try words("topics") {
      let reading = PromptReading(of: "Write about \(topic).", by: grammar)
      #expect(reading.labels["intent"]?.count == 1, "\(topic)")
      #expect(reading.slotValues.isEmpty, "\(topic)")
    }
  }

  @Test func everyRoomIsBound() throws {
    let grammar = try Grammars.thermostat()
    for room in try words("rooms") {
      #expect(PromptReading(of: "in the \(room)", by: grammar).slotValues == ["room": [room]])
    }
  }

  @Test func mannersAskForTones() throws {
    let grammar = try Grammars.thermostat()
    let tones = try words("manners").map { PromptReading(of: $0, by: grammar).labels["tone"] }
    #expect(tones == [["polite"], ["terse"], nil])
  }

  @Test(arguments: ["people", "times"])
  func otherWordsAskForNothing(list: String) throws {
    let grammar = try Grammars.thermostat()
    for word in try words(list) { #expect(PromptReading(of: word, by: grammar) == PromptReading(), "\(word)") }
  }
}
