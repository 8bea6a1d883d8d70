import ArgumentParser
import Basics
import Console
import Lineage
import Workbench

/// `alambic teacher`: the teachers of this project.
struct TeacherCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "teacher",
    abstract: "List, show, check and serve teachers.",
    discussion: """
      EXAMPLES
        alambic teacher list
        alambic teacher serve thermostat --port 8080
      """.paragraphs,
    subcommands: [
      TeacherListCommand.self, TeacherShowCommand.self, TeacherCheckCommand.self, TeacherServeCommand.self,
      TeacherRecogniseCommand.self,
    ])
}

/// `alambic teacher list`.
struct TeacherListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the profiles in teachers/.",
    discussion: """
      EXAMPLES
        alambic teacher list
        alambic teacher list --json
      """.paragraphs)
  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    var schema = "alambic.teachers/1"
    var teachers: [TeacherProfile]
  }

  func run() throws {
    let folders = try ProjectFolders.locate()
    let profiles = try TeacherAccess.names(in: folders).map { try TeacherAccess(named: $0, in: folders).profile }
    if common.json { return try Output.json(Answer(teachers: profiles)) }
    var table = Table([("teacher", .left), ("dialect", .left), ("model", .left), ("key", .left)])
    for profile in profiles {
      table.add([profile.name, profile.dialect.rawValue, profile.model, KeyState(profile).text])
    }
    Output.text(table.text)
  }
}

/// `alambic teacher show`.
struct TeacherShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a profile: where it asks, what it costs, what its answers permit.",
    discussion: """
      EXAMPLES
        alambic teacher show openai
        alambic teacher show thermostat --json
      """.paragraphs)
  @Argument(help: "A profile's name.")
  var teacher: String
  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    var schema = "alambic.teacher/1"
    var profile: TeacherProfile
  }

  func run() throws {
    let profile = try TeacherAccess(named: teacher, in: ProjectFolders.locate()).profile
    if common.json { return try Output.json(Answer(profile: profile)) }
    Output.text(
      """
      teacher    \(profile.name)
      dialect    \(profile.dialect.rawValue)
      endpoint   \(profile.endpoint ?? "started on loopback")
      model      \(profile.model)
      key        \(KeyState(profile).text)
      price      $\(profile.price.prompt) in, $\(profile.price.completion) out, for a million tokens
      pace       \(profile.pace.maxInFlight) requests in flight
      licence    \(profile.outputsLicense)
      """)
  }
}

/// `alambic teacher serve`.
struct TeacherServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Serve a scripted or llama2.c teacher on loopback, until interrupted.",
    discussion: """
      It speaks the OpenAI-compatible API: /v1/chat/completions, /v1/completions, /v1/models.
      The teacher is a grammar, or a llama2.c model, which continues a text. A grammar
      gives the same answer to the same request; without a seed it is as with seed 0.

      EXAMPLES
        alambic teacher serve thermostat --port 8080
        alambic ask thermostat --endpoint http://127.0.0.1:8080/v1
        alambic teacher serve stories260k --port 8080
      """.paragraphs)
  @Argument(help: "A profile's name, of the dialects scripted and llama2c.")
  var teacher: String
  @OptionGroup var server: ServerOptions
  @OptionGroup var common: CommonOptions

  func run() async throws {
    let settings = try server.settings()
    try await TeacherAccess(named: teacher, in: ProjectFolders.locate()).serve(settings) { server.announce($0) }
  }
}

/// `alambic teacher recognise`.
struct TeacherRecogniseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recognise", abstract: "Say which lines of standard input a scripted teacher's grammar can say.",
    discussion: """
      The share of a student's lines that its teacher could have said tells how well formed
      they are. Ends with status 1 when none is.

      EXAMPLES
        echo "< Set the Kitchen to 20 C." | alambic teacher recognise thermostat
        alambic teacher recognise thermostat --json < speech.txt
      """.paragraphs)
  @Argument(help: "A scripted teacher's name.")
  var teacher: String
  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    var schema = "alambic.recognise/1"
    var lineCount: Int
    var recognisedCount: Int
    var unrecognised: [String]
  }

  func run() throws {
    var (lines, input) = ([String](), InputLines())
    while let line = try input.next() { if !line.isEmpty { lines.append(String(decoding: line, as: UTF8.self)) } }
    let verdicts = try TeacherAccess(named: teacher, in: ProjectFolders.locate()).recognises(lines)
    let recognised = verdicts.count { $0 }
    if common.json {
      let rest = zip(lines, verdicts).filter { !$0.1 }.map(\.0)
      try Output.json(Answer(lineCount: lines.count, recognisedCount: recognised, unrecognised: rest))
    } else {
      for (line, isRecognised) in zip(lines, verdicts) { Output.text("\(isRecognised ? "yes" : "no ")  \(line)") }
      Output.text("\(recognised) of \(lines.count) lines are the teacher's language")
    }
    if recognised == 0 { throw ExitStatus.answerIsNo }
  }
}
