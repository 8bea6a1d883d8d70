import ArgumentParser
import Basics
import Console
import Lineage
import Workbench

/// `alambic teacher check`.
struct TeacherCheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Ask a teacher a few words, and say what its server takes and gives.",
    discussion: """
      Lists the server's models, sends each sampling field that the profile has, asks twice with
      one seed, and asks for log-probabilities: four to a dozen requests of a few tokens each,
      which the ledger does not keep. Where the server refuses a field, the lines that mend the
      profile are printed. Ends with status 1 where the profile does not work as it is.

      EXAMPLES
        alambic teacher check openai
        alambic teacher check llama-cpp --endpoint http://127.0.0.1:8080/v1
      """.paragraphs)
  @Argument(help: "A profile's name.")
  var teacher: String
  @Option(help: ArgumentHelp("Ask there instead of at the profile's endpoint.", valueName: "address"))
  var endpoint: String?
  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    var schema = "alambic.teacher-check/1"
    var report: TeacherReport
    var mends: [String]
  }

  func run() async throws {
    let access = try TeacherAccess(named: teacher, in: ProjectFolders.locate(), endpoint: endpoint)
    let report = try await access.check()
    if common.json {
      try Output.json(Answer(report: report, mends: report.mends))
    } else {
      Output.text(TeacherReportText(report, access.profile).text)
    }
    if !report.isAccepted { throw ExitStatus.answerIsNo }
  }
}

/// A report as a person reads it.
private struct TeacherReportText {
  let text: String

  init(_ report: TeacherReport, _ profile: TeacherProfile) {
    let lines = [
      "models     \(Self.models(report, profile))",
      "answer     '\(Self.line(report.answer))' from \(report.answeringModel)"
        + (report.thinks ? ", with thought beside it" : ""),
      "tokens     \(report.countsTokens ? "counted by the server" : "not counted: costs are estimates")",
      "fields     \(Self.fields(report))",
      report.honoursSeed.map {
        "seed       \($0 ? "honoured" : "not honoured: equal questions may be answered differently")"
      },
      report.givesLogProbabilities.map { "logprobs   \($0 ? "given" : "none")" },
      "cost       \(ReadableUnits.dollars(report.cost)) for \(report.requestCount) requests, not in the ledger",
      "",
      report.isAccepted
        ? "the profile works as it is"
        : "put this into teachers/\(profile.name).yaml, beside what it has:\n\n"
          + report.mends.joined(separator: "\n"),
    ]
    text = lines.compactMap(\.self).joined(separator: "\n")
  }

  private static func models(_ report: TeacherReport, _ profile: TeacherProfile) -> String {
    guard let models = report.models else { return "the server lists none" }
    let near = EditDistance.nearest(to: profile.model, in: models).map { "; the nearest is \($0)" } ?? ""
    let known =
      models.contains(profile.model) ? "\(profile.model) among them" : "\(profile.model) not among them\(near)"
    let context = report.contextLength.map { ", \(ReadableUnits.count($0)) tokens of context" } ?? ""
    return "\(ReadableUnits.count(models.count)) listed, \(known)\(context)"
  }

  private static func fields(_ report: TeacherReport) -> String {
    let accepted = report.fields.filter(\.isAccepted).map(\.name)
    let refused = report.fields.filter { !$0.isAccepted }.map { field in
      "\(field.name) refused" + (field.acceptedAs.map { ", taken as \($0)" } ?? "")
        + (field.detail.map { ": \($0)" } ?? "")
    }
    let list = (accepted.isEmpty ? [] : [accepted.joined(separator: ", ") + " taken"]) + refused
    return list.joined(separator: "\n           ")
  }

  private static func line(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
