import ArgumentParser
import Basics
import Ledger
import Lineage
import Workbench

/// `alambic ledger`: what is remembered.
struct LedgerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ledger",
    abstract: "Look after the ledger: requests, answers and receipts.",
    discussion: """
      EXAMPLES
        alambic ledger status
        alambic ledger export --json > receipts.json
      """.paragraphs,
    subcommands: [LedgerStatusCommand.self, LedgerCheckCommand.self, LedgerExportCommand.self])
}

/// `alambic ledger status`.
struct LedgerStatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Say where the ledger is and how much it holds.",
    discussion: """
      EXAMPLES
        alambic ledger status
        alambic ledger status --json
      """.paragraphs)
  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    var schema = "alambic.ledger-status/1"
    var path: String
    var counts: LedgerCounts
  }

  func run() async throws {
    let ledger = try common.looking().ledger
    let counts = try await ledger.counts()
    if common.json { return try Output.json(Answer(path: ledger.path, counts: counts)) }
    Output.text(
      """
      \(ledger.path)
      \(ReadableUnits.count(counts.requestCount)) requests, \(ReadableUnits.count(counts.attemptCount)) attempts, \
      \(ReadableUnits.count(counts.answerCount)) answers, \(ReadableUnits.dollars(counts.cost))
      \(Self.possible(counts))\(ReadableUnits.count(counts.receiptCount)) receipts of \
      \(ReadableUnits.count(counts.artifactCount)) artifacts
      """)
  }
}

extension LedgerStatusCommand {
  /// What nobody knows the price of, on a line of its own; nothing where there is none.
  private static func possible(_ counts: LedgerCounts) -> String {
    var parts: [String] = []
    if counts.leaseCount > 0 {
      parts.append("\(ReadableUnits.count(counts.leaseCount)) requests under way, or cut off by a kill")
    }
    if counts.possibleCost > 0 {
      parts.append("up to \(ReadableUnits.dollars(counts.possibleCost)) more for attempts that brought no response")
    }
    return parts.isEmpty ? "" : parts.joined(separator: "; ") + "\n"
  }
}

/// `alambic ledger check`.
struct LedgerCheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check every page, index and reference of the ledger.",
    discussion: """
      EXAMPLES
        alambic ledger check
        alambic ledger check --workspace /backup/.alambic
      """.paragraphs)
  @OptionGroup var common: CommonOptions

  func run() async throws {
    let ledger = try common.looking().ledger
    try await ledger.checkIntegrity()
    if !common.quiet { Output.text("\(ledger.path) is whole") }
  }
}

/// `alambic ledger export`.
struct LedgerExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Print all receipts, oldest first, as JSON.",
    discussion: """
      EXAMPLES
        alambic ledger export --json > receipts.json
        alambic ledger export | jq '.receipts[].summary'
      """.paragraphs)
  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    var schema = "alambic.ledger/2"
    var counts: LedgerCounts
    var receipts: [Receipt]
  }

  func run() async throws {
    let ledger = try common.looking().ledger
    try Output.json(Answer(counts: try await ledger.counts(), receipts: try await ledger.receipts()))
  }
}
