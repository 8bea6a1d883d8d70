import ArgumentParser
import Basics
import Console
import Foundation
import Lineage
import Workbench

/// `alambic corpus remove`.
struct CorpusRemoveCommand: AsyncParsableCommand, Resumable {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Take out of a corpus all that came from somewhere, and make the rest again.",
    discussion: """
      An origin is LIST=WORD: a list of the recipe, or one of `teacher`, `template`, `model`
      and `license` (what a teacher's profile says of its outputs).
      Answers stay in the ledger, paid; curation refuses them as `removed`, those to come as well.
      Then every step that had been made is made again, up to the bundle. --undo takes an order back.

      EXAMPLES
        alambic corpus remove thermostat room=garage --because "we have none"
        alambic corpus remove thermostat teacher=mistral --until curate
        alambic corpus remove thermostat room=garage --undo
        alambic corpus remove thermostat --list
      """.paragraphs)

  @OptionGroup var argument: CorpusArgument
  @Argument(help: ArgumentHelp("Origins, LIST=WORD.", valueName: "origin"))
  var origins: [String] = []
  @Option(name: .customLong("because"), help: ArgumentHelp("Why, for the record.", valueName: "words"))
  var reason: String?
  @Flag(help: "Take the removal back.")
  var undo = false
  @Flag(help: "Only show what was ordered.")
  var list = false
  @Option(help: ArgumentHelp("The last step to make again (default: all that had been made).", valueName: "step"))
  var until: StageName?
  @Option(
    help: ArgumentHelp("What teachers may cost where making again asks them (default: nothing).", valueName: "dollars"))
  var spendMax: Double?
  @OptionGroup var common: CommonOptions

  func validate() throws { try Spending.check(spendMax) }

  private struct Answer: Encodable {
    var schema = "alambic.removals/2"
    var corpus: String
    var removals: [Removal]
  }

  func run() async throws {
    if list || common.json && origins.isEmpty {
      return try show(try common.lookingAhead().removals(argument.corpus).all())
    }
    let workbench = try Workbench(workspace: common.place)
    let desk = try workbench.removals(argument.corpus)
    guard !origins.isEmpty else {
      throw HintedError(
        "remove what?", hint: "an origin such as room=garage; --list shows earlier ones", status: .usage)
    }
    let parts = try origins.map(Self.parts)
    let made = try await workbench.pipeline(argument.corpus).plan().last { $0.isUpToDate }?.stage
    for (list, word) in parts {
      if undo {
        try await desk.undo(list: list, word: word)
      } else {
        try await desk.order(Removal(corpus: argument.corpus, list: list, word: word, reason: reason ?? ""))
      }
    }
    if let last = until ?? made, last > .ask { try await makeAgain(until: last, workbench) }
    if common.json { try show(try desk.all()) }
  }

  /// A recipe with a target asks for as many documents as were taken out, and who only removes expects no bill.
  private func makeAgain(until last: StageName, _ workbench: Workbench) async throws {
    let renderer = EventRenderer(common)
    let options = Pipeline.Options(spendMaximum: spendMax ?? 0)
    do {
      _ = try await workbench.pipeline(argument.corpus, options: options) { renderer.show($0) }.make(until: last)
    } catch let error as HintedError where error.status == .stopped && spendMax == nil && !Task.isCancelled {
      let done = undo ? "the removal is taken back" : "the removal is recorded"
      throw HintedError(
        "\(done), but to make the rest again a teacher has to be asked, which costs money",
        hint: "`alambic make \(argument.corpus) --until \(last.rawValue) --spend-max DOLLARS` goes on from here",
        status: .stopped)
    }
  }

  private static func parts(_ origin: String) throws -> (String, String) {
    let parts = origin.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2 else {
      throw HintedError("'\(origin)' is not LIST=WORD", hint: "for example teacher=mistral", status: .usage)
    }
    return (parts[0], parts[1])
  }

  private func show(_ removals: [Removal]) throws {
    if common.json { return try Output.json(Answer(corpus: argument.corpus, removals: removals)) }
    guard !removals.isEmpty else { return Output.text("nothing was ever removed") }
    var table = Table([("origin", .left), ("since", .left), ("", .left), ("because", .left)])
    for removal in removals {
      table.add([
        removal.condition, removal.orderedAt.formatted(.iso8601), removal.undoneAt == nil ? "" : "undone",
        removal.reason,
      ])
    }
    Output.text(table.text)
  }
}
