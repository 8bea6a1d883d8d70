import ArgumentParser
import Basics
import Console
import Foundation
import Studio
import Subprocess
import Workbench

/// `alambic studio`: a local page for review, evaluation, runs and talk.
struct StudioCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "studio",
    abstract: "Open a local page: review texts, read scores and runs, talk to students.",
    discussion: """
      Prints an address with a token, and serves until interrupted. It listens on loopback alone,
      fetches nothing, and answers nobody without the token. Decisions go to the ledger; the next
      `alambic make` follows them.

      EXAMPLES
        alambic studio
        alambic studio --open --port 8700
      """.paragraphs)

  @Option(help: ArgumentHelp("The port; 0 takes a free one.", valueName: "number"))
  var port: UInt16 = 0
  @Flag(help: "Open the page in the browser.")
  var open = false
  @OptionGroup var common: CommonOptions

  func run() async throws {
    let studio = Studio(try Workbench(workspace: common.place), port: port)
    let (opens, printer) = (open, common.printer)
    try await studio.run { address in
      Output.text(address)
      guard opens else { return }
      Task {
        if !(await Self.browse(address)) { printer.say("no browser could be opened; open the address yourself") }
      }
    }
  }

  private static func browse(_ address: String) async -> Bool {
    #if os(macOS)
      let tool = "open"
    #else
      let tool = "xdg-open"
    #endif
    let result = try? await Subprocess.run(
      .name(tool), arguments: [address], input: .none, output: .discarded, error: .discarded)
    return result?.terminationStatus.isSuccess ?? false
  }
}
