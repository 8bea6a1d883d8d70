import Basics
import Foundation
import ScriptedTeacher
import TestSupport
import Testing

/// Commands and their labels: an intent whose slots are carried from the request, or none.
@Suite("The grammar of commands") struct CommandsGrammarTests {
  /// The slots of each intent, in the order in which a label has them, and whether it can be without.
  private static let slots: [String: [(name: String, isOptional: Bool)]] = [
    "Switch": [("device", false), ("room", true), ("state", false)],
    "SetLight": [("room", true), ("level", false)],
    "SetHeat": [("room", true), ("degrees", false)],
    "MoveBlinds": [("room", true), ("move", false)],
    "SetTimer": [("minutes", false)],
    "SetAlarm": [("time", false), ("day", true)],
    "AskHeat": [("room", true)],
    "none": [],
  ]
  /// Values that a request may mean without saying them.
  private static let meant = [
    "state": ["on", "off"], "move": ["open", "close"], "level": ["up", "down"], "degrees": ["up", "down"],
  ]

  private struct Label {
    var intent: String
    var slots: [(name: String, value: String)] = []

    init(_ text: Substring) {
      let words = text.split(separator: " ")
      intent = words.first.map(String.init) ?? ""
      for word in words.dropFirst() {
        if let sign = word.firstIndex(of: "=") {
          slots.append((String(word[..<sign]), String(word[word.index(after: sign)...])))
        } else if !slots.isEmpty {
          slots[slots.count - 1].value += " \(word)"
        } else {
          intent += " \(word)"
        }
      }
    }
  }

  /// What is wrong with a label; nil where the intent has these slots, in this order, and the request says the values.
  private func fault(_ label: Label, of request: some StringProtocol) -> String? {
    guard let expected = Self.slots[label.intent] else { return "no intent" }
    let names = label.slots.map(\.name)
    guard names == expected.map(\.name).filter(names.contains) else { return "other slots" }
    guard expected.allSatisfy({ $0.isOptional || names.contains($0.name) }) else { return "a slot too few" }
    for slot in label.slots where !(Self.meant[slot.name]?.contains(slot.value) ?? false) {
      guard Self.says(request, slot.value) else { return "\(slot.name) is not carried" }
    }
    return nil
  }

  /// Whether a value stands in a request, with neither letters nor digits beside it.
  private static func says(_ request: some StringProtocol, _ value: String) -> Bool {
    let request = String(request)
    return request.ranges(of: value).contains { range in
      let before = range.lowerBound == request.startIndex ? nil : request[request.index(before: range.lowerBound)]
      let after = range.upperBound == request.endIndex ? nil : request[range.upperBound]
      return ![before, after].contains { $0.map { $0.isLetter || $0.isNumber } ?? false }
    }
  }

  private static func lines(_ exchange: Exchange) throws -> (request: Substring, label: Label) {
    let lines = exchange.text.split(separator: "\n")
    try #require(lines.count == 2 && lines[0].hasPrefix("> ") && lines[1].hasPrefix("< "), "\(exchange.text)")
    return (lines[0].dropFirst(2), Label(lines[1].dropFirst(2)))
  }

  @Test("a label has its intent's slots, and their values stand in the request", arguments: [true, false])
  func labels(taught: Bool) throws {
    let grammar = try Grammars.commands()
    let teacher = ScriptedTeacher(grammar: grammar)
    let exchanges =
      taught ? teacher.exchanges(seed: 21, count: 20_000) : teacher.heldOutRequests(count: 2000, seed: 21)
    #expect(exchanges.count == (taught ? 20_000 : 2000))
    for exchange in exchanges {
      let (request, label) = try Self.lines(exchange)
      #expect(fault(label, of: request) == nil, "\(exchange.text)")
      #expect((label.intent == "none") == (exchange.labels["outcome"] == "refused"), "\(exchange.text)")
      #expect((label.intent == "none") == (exchange.labels["intent"] == "none"), "\(exchange.text)")
      #expect((10...160).contains(exchange.text.utf8.count), "\(exchange.text)")
      #expect(exchange.text.utf8.allSatisfy { $0 == 10 || (32...126).contains($0) }, "\(exchange.text)")
      #expect(!exchange.text.contains("  ") && !exchange.text.contains(" \n"), "\(exchange.text)")
    }
    let intents = Set(try exchanges.map { try Self.lines($0).label.intent })
    #expect(intents == Set(Self.slots.keys))
  }

  /// A label that leaves out what was said would be wrong, and no check of values could see it.
  @Test("a room that a command names is in its label")
  func rooms() throws {
    let grammar = try Grammars.commands()
    let rooms = [
      "kitchen", "bedroom", "bathroom", "hallway", "nursery", "garage", "basement", "living room", "guest room",
    ]
    var count = 0
    for exchange in ScriptedTeacher(grammar: grammar).exchanges(seed: 22, count: 20_000) {
      let (request, label) = try Self.lines(exchange)
      guard label.intent != "none", let room = rooms.first(where: { Self.says(request, $0) }) else { continue }
      count += 1
      #expect(label.slots.contains { $0.name == "room" && $0.value == room }, "\(exchange.text)")
    }
    #expect(count > 3000)
  }

  @Test("no two labels are taught for one request")
  func agreement() throws {
    var labels: [Substring: String] = [:]
    for exchange in ScriptedTeacher(grammar: try Grammars.commands()).exchanges(seed: 23, count: 60_000) {
      let lines = exchange.text.split(separator: "\n")
      #expect(
        labels.updateValue(String(lines[1]), forKey: lines[0]) ?? String(lines[1]) == lines[1], "\(exchange.text)")
    }
    #expect(labels.count > 30_000)
  }

  private static func table(_ name: String) throws -> [(label: Label, text: String)] {
    let text = String(
      decoding: try AtomicFile.read("\(PackageRoot.path)/Corpora/commands/\(name).tsv"), as: UTF8.self)
    return try text.split(separator: "\n").map {
      let cells = $0.split(separator: "\t", omittingEmptySubsequences: false)
      try #require(cells.count == 2, "\($0)")
      return (Label(cells[0]), String(cells[1]))
    }
  }

  @Test(
    "the tables' labels are sound, and the grammar says none of their requests",
    arguments: [
      ("by-hand", 44, 14), ("unseen-values", 99, 0),
    ])
  func tables(name: String, count: Int, noneCount: Int) throws {
    let rows = try Self.table(name)
    #expect(rows.count == count && Set(rows.map(\.text)).count == count)
    #expect(rows.count { $0.label.intent == "none" } == noneCount)
    let recognizer = GrammarRecognizer(grammar: try Grammars.commands())
    for row in rows {
      #expect(fault(row.label, of: row.text) == nil, "\(row.text)")
      #expect(!recognizer.accepts(utteranceLine: "> \(row.text)"), "\(row.text)")
    }
  }

  @Test("the grammar says no request of the list that is off topic")
  func offTopic() throws {
    let path = "\(PackageRoot.path)/Corpora/commands/words/off-topic.txt"
    let requests = String(decoding: try AtomicFile.read(path), as: UTF8.self).split(separator: "\n")
      .filter { !$0.hasPrefix("#") }
    #expect(requests.count >= 250 && Set(requests).count == requests.count)
    let recognizer = GrammarRecognizer(grammar: try Grammars.commands())
    for request in requests { #expect(!recognizer.accepts(utteranceLine: "> \(request)"), "\(request)") }
  }
}
