import Foundation
import ScriptedTeacher
import TestSupport

/// Grammars that several tests use.
enum Grammars {
  /// The one that ships.
  static func thermostat() throws -> Grammar {
    try GrammarFile.read("\(PackageRoot.path)/teachers/thermostat.grammar.yaml")
  }

  /// The one of commands and their labels.
  static func commands() throws -> Grammar {
    try GrammarFile.read("\(PackageRoot.path)/teachers/commands.grammar.yaml")
  }

  /// Small enough to write out by hand: 2 x 3 requests for heat, and 2 greetings.
  static let small = """
    schema: alambic.grammar/1
    name: thermostat
    exchangesPerAnswer: 2
    start: exchange
    slots:
      room: [attic, hall]
      degrees: {from: 20, to: 21, step: 0.5}
    rules:
      exchange:
        - {text: "> <opening>heat the {room} to {degrees}\\n< {Room} set to {degrees}.", labels: {intent: heat}}
        - {text: "> hello\\n< <hello>", weight: 2, labels: {intent: greet}}
      opening: [{text: "", labels: {tone: terse}}, {text: "please ", labels: {tone: polite}}]
      hello: [Hello., Good day.]
    match:
      slots: [room]
      labels:
        intent: {heat: [heating], greet: [greetings]}
        tone: {polite: [politely]}
    """

  static func parseSmall() throws -> Grammar { try GrammarFile.parse(small, name: "small.grammar.yaml") }
}
