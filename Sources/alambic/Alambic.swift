import ArgumentParser
import Basics
import Console
import Foundation

/// The command: verbs make, in the order in which data travels; nouns look.
@main
struct Alambic: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "alambic",
    abstract: "Distil a teacher's narrow domain into a ternary byte model that is proven on a microcontroller.",
    discussion: """
      recipe ─► ask ─► curate ─► shard ─► train ─► export ─► verify ─► ship

      EXIT STATUS
        0 done · 1 the answer is no · 64 usage · 65 bad data
        69 teacher or tool unavailable · 70 our bug
        75 stopped, the same command resumes · 130 interrupted

      EXAMPLES
        alambic make thermostat
        alambic talk .alambic/images/thermostat.atome --prompt "> is it cold"
      """,
    version: AlambicVersion.current,
    subcommands: [ReferenceCommand.self],
    groupedSubcommands: [
      CommandGroup(
        name: "Make",
        subcommands: [
          NewCommand.self,
          AskCommand.self, MergeCommand.self,
          CurateCommand.self, ShardCommand.self, TrainCommand.self, ExportCommand.self,
          VerifyCommand.self, ShipCommand.self, SignCommand.self, FirmwareCommand.self, MakeCommand.self,
        ]),
      CommandGroup(
        name: "Look",
        subcommands: [
          FitCommand.self, CompareCommand.self, TalkCommand.self, ClassifyCommand.self, AnomalyCommand.self,
          ServeCommand.self, EvaluateCommand.self,
          BenchCommand.self,
          InspectCommand.self,
          WhyCommand.self,
          CorpusCommand.self,
          TeacherCommand.self, RunCommand.self, StudioCommand.self,
        ]),
      CommandGroup(name: "Tend", subcommands: [DoctorCommand.self, LedgerCommand.self, SlurmCommand.self]),
    ])

  /// Parses, runs and ends the process; errors of ours are rendered here and nowhere else.
  static func main() async {
    StandardStream.openClosedOnes()
    let task = Task { try await runCommand() }
    let signals = StopSignals { task.cancel() }
    do {
      try await task.value
    } catch let error as HintedError {
      end(with: error)
    } catch let status as ExitStatus {
      Foundation.exit(status.rawValue)
    } catch is CancellationError {
      end(with: HintedError("stopped", hint: "the same command goes on from here", status: .stopped))
    } catch {
      exit(withError: error)
    }
    signals.end()
  }

  private static func runCommand() async throws {
    var command = try parseAsRoot()
    if var asynchronous = command as? any AsyncParsableCommand {
      try await asynchronous.run()
    } else {
      try command.run()
    }
  }

  private static func end(with error: HintedError) -> Never {
    StandardStream.say(ErrorText.render(error, on: .standardError()))
    Foundation.exit(error.status.rawValue)
  }
}

/// Thrown by a command whose answer is already on standard output and is no.
extension ExitStatus: Error {}
