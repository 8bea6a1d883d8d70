import ArgumentParser
import Basics
import Console
import Workbench

/// `alambic doctor`: what is missing, and the line that installs it.
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Say which tools are missing, and the line that installs them.",
    discussion: """
      EXAMPLES
        alambic doctor
        alambic doctor --json
      """.paragraphs)

  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    var schema = "alambic.doctor/1"
    var isReady: Bool
    var findings: [Doctor.Finding]
    var installLine: String?
  }

  func run() async throws {
    let findings = await Doctor().examine()
    let line = Doctor.installLine(for: findings)
    if common.json {
      try Output.json(Answer(isReady: line == nil, findings: findings, installLine: line))
    } else {
      Output.text(table(findings))
      Output.text(
        line.map { "\nmissing tools; install them with:\n  \($0)" } ?? "\neverything that is required is here")
    }
    if line != nil { throw ExitStatus.unavailable }
  }

  private func table(_ findings: [Doctor.Finding]) -> String {
    var table = Table([("", .left), ("tool", .left), ("for", .left), ("found", .left)])
    for finding in findings {
      let mark = finding.state == .found ? "ok" : finding.state == .missing ? "missing" : "absent"
      table.add([mark, finding.name, finding.purpose, finding.detail])
    }
    return table.text
  }
}
