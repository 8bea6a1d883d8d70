import ArgumentParser
import Basics
import Console
import Foundation
import Lineage
import Workbench

/// `alambic corpus review`: texts one by one, at a terminal or from a pipe.
struct CorpusReviewCommand: AsyncParsableCommand, Resumable {
  static let configuration = CommandConfiguration(
    commandName: "review", abstract: "Look at a corpus's texts one by one, and accept, reject or edit them.",
    discussion: """
      Texts come at random, the same for the same --seed. At a terminal, single keys decide:

        a accept · r reject, then why · e edit in $EDITOR · s skip · u undo the last decision · q quit

      From a pipe, each line is one of these letters, with what belongs to it behind a space: a
      reason (`r too vague`), or another text, as it is or in JSON (`e "> hi\\n< Hello."`).

      Decisions go to the ledger, each of them can be undone, and the next `alambic make` follows
      them. --json prints all that were ever made, and reviews nothing.

      EXAMPLES
        alambic corpus review thermostat
        alambic corpus review thermostat --reason too-long --limit 20
        alambic corpus review thermostat --matching 'Sure!|As an AI' --only kept
        alambic corpus review thermostat --order clusters --label room=nursery
        alambic corpus review thermostat --json
      """.paragraphs)

  @OptionGroup var argument: CorpusArgument
  @Option(help: "Only such texts: kept, rejected, decided or undecided.")
  var only: ReviewQuery.Only?
  @Option(help: ArgumentHelp("Only texts that were refused for this reason.", valueName: "word"))
  var reason: RejectionReason?
  @Option(help: "Only documents of this side of the split: train or held-out.")
  var split: Split?
  @Option(help: ArgumentHelp("Only texts in which this regular expression matches somewhere.", valueName: "regex"))
  var matching: String?
  @Option(help: "random, clusters (copies together, the largest sets first), lowest-score or highest-score.")
  var order = ReviewQuery.Order.random
  @Option(help: ArgumentHelp("Only texts whose prompt had this word of a list.", valueName: "list=word"))
  var label: String?
  @Option(help: ArgumentHelp("Decides the order of the texts.", valueName: "number"))
  var seed: UInt64 = 0
  @Option(help: ArgumentHelp("How many texts at most.", valueName: "count"))
  var limit = 50
  @OptionGroup var common: CommonOptions

  func run() async throws {
    try Limits.check("--limit", limit, in: ReviewQuery.limits)
    let workbench = try common.json ? common.looking() : Workbench(workspace: common.place)
    let desk = try workbench.review(argument.corpus)
    if common.json { return try Output.json(DecisionsAnswer(desk.corpus, try await desk.history())) }
    var query = ReviewQuery(seed: seed, limit: limit)
    (query.only, query.reason, query.split, query.pattern) = (only, reason, split, matching)
    query.order = order
    query.label = try label.map {
      guard let label = ReviewQuery.Label($0) else {
        throw HintedError("--label is '\($0)'", hint: "such as room=kitchen", status: .usage)
      }
      return label
    }
    let page = try await desk.page(query)
    guard !page.texts.isEmpty else { return Output.text("no text is as you asked") }
    var session = ReviewSession(desk: desk, texts: page.texts, isQuiet: common.quiet)
    try await session.run()
    try await close(desk, session.decisionCount)
  }

  /// What was done, and what comes next.
  private func close(_ desk: ReviewDesk, _ count: Int) async throws {
    let (standing, isWaiting) = try await desk.standing()
    common.printer.say(
      "\(count) decided now, \(standing) in all"
        + (isWaiting ? "; the documents follow with `alambic make \(desk.corpus) --until curate`" : ""))
  }
}

extension ReviewQuery.Only: ExpressibleByArgument {}
extension ReviewQuery.Order: ExpressibleByArgument {}
extension RejectionReason: ExpressibleByArgument {}
extension Split: ExpressibleByArgument {}

/// Decisions as a program reads them.
struct DecisionsAnswer: Encodable {
  struct Entry: Encodable {
    var number: Int
    var textID: ContentID
    var ruling: Decision.Ruling
    var reason: String
    var newText: String?
    var decidedAt: String
    /// Absent while it stands.
    var undoneAt: String?
  }

  var schema = "alambic.decisions/1"
  var corpus: String
  var decisions: [Entry]

  init(_ corpus: String, _ decisions: [Decision]) {
    self.corpus = corpus
    self.decisions = decisions.map { decision in
      Entry(
        number: decision.number, textID: decision.textID, ruling: decision.ruling, reason: decision.reason,
        newText: decision.newText, decidedAt: decision.decidedAt.ISO8601Format(),
        undoneAt: decision.undoneAt?.ISO8601Format())
    }
  }
}
