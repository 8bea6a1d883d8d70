import ArgumentParser
import Basics
import Console
import Foundation
import Synchronization

/// The command: verbs make, in the order in which data travels; nouns look.
@main
struct Alambic: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "alambic",
    abstract: "Train tiny language models of narrow domains, and prove them bit for bit on emulated microcontrollers.",
    discussion: """
      ask ─► curate ─► shard ─► train ─► export ─► evaluate ─► verify ─► ship

      EXIT STATUS
        0 done · 1 the answer is no · 64 usage · 65 bad data
        69 teacher or tool unavailable · 70 a bug in Alambic
        75 stopped, the same command resumes · 130 interrupted

      EXAMPLES
        alambic make thermostat
        alambic talk .alambic/images/thermostat.atome --dialogue
      """.paragraphs,
    version: AlambicVersion.current,
    subcommands: [ReferenceCommand.self],
    groupedSubcommands: [
      CommandGroup(
        name: "Make",
        subcommands: [
          NewCommand.self,
          AskCommand.self, MergeCommand.self,
          CurateCommand.self, ShardCommand.self, TrainCommand.self, SweepCommand.self, ExportCommand.self,
          VerifyCommand.self, ShipCommand.self, SignCommand.self, FirmwareCommand.self, MakeCommand.self,
        ]),
      CommandGroup(
        name: "Look",
        subcommands: [
          FitCommand.self, CompareCommand.self, TalkCommand.self, ClassifyCommand.self, AnomalyCommand.self,
          WakeCommand.self, ServeCommand.self, EvaluateCommand.self,
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
    let isResumable = Atomic<Bool>(false)
    let task = Task {
      try await runCommand { isResumable.store(($0 as? any Resumable)?.goesOn == true, ordering: .relaxed) }
    }
    let signals = StopSignals(
      onFirst: { task.cancel() },
      atEnd: {
        let error = stopped(isResumable.load(ordering: .relaxed))
        StandardStream.say(Terminal.standardError().lineStart)
        tell(error)
        return error.status
      })
    let result = await task.result
    signals.end()
    do {
      try result.get()
    } catch let error as HintedError {
      end(with: error)
    } catch let status as ExitStatus {
      Foundation.exit(status.rawValue)
    } catch is CancellationError {
      end(with: stopped(isResumable.load(ordering: .relaxed)))
    } catch {
      let isRefusal = !exitCode(for: error).isSuccess
      if isRefusal { tellPrograms(HintedError(message(for: error), status: .usage)) }
      exit(withError: error)
    }
  }

  private static func runCommand(onParsed tell: @Sendable (any ParsableCommand) -> Void) async throws {
    var command = try parseAsRoot()
    tell(command)
    if var asynchronous = command as? any AsyncParsableCommand {
      try await asynchronous.run()
    } else {
      try command.run()
    }
  }

  /// What is said of a command that was asked to end before its end.
  private static func stopped(_ isResumable: Bool) -> HintedError {
    isResumable
      ? HintedError("stopped", hint: "the same command goes on from here", status: .stopped)
      : HintedError("interrupted", hint: "the same command starts from its beginning", status: .interrupted)
  }

  /// To a person, and to a program that asked for an object.
  private static func tell(_ error: HintedError) {
    StandardStream.say(ErrorText.render(error, on: .standardError()))
    tellPrograms(error)
  }

  private static func tellPrograms(_ error: HintedError) {
    guard CommandLine.arguments.dropFirst().contains("--json"), let answer = try? ErrorText.json(error) else { return }
    StandardStream.writeInsteadOfAnswer(answer)
  }

  private static func end(with error: HintedError) -> Never {
    tell(error)
    Foundation.exit(error.status.rawValue)
  }
}

/// A command that goes on where an earlier run of it was stopped.
protocol Resumable {
  /// Whether this one does, as it was called.
  var goesOn: Bool { get }
}

extension Resumable {
  var goesOn: Bool { true }
}

/// Thrown by a command whose answer is already on standard output and is no.
extension ExitStatus: Error {}
