import Basics
import Foundation

/// `make -f firmware/Makefile`: the one place that starts a compiler. The interface is stated in firmware/README.md.
struct FirmwareMake: Sendable {
  /// The folder `firmware` of the project.
  var folder: String
  var toolbox: Toolbox

  /// A compilation takes seconds; one that takes minutes hangs.
  private static let timeLimit = Duration.seconds(300)

  /// Builds a target with these variables.
  /// - Returns: the flags that `compiler` was given and that decide arithmetic or code: language, optimisation,
  ///   machine.
  /// - Throws: `HintedError` with the compiler's or the budget's own words.
  func build(_ target: String, _ variables: [(name: String, value: String)], compiler: String) async throws -> String {
    guard FileManager.default.fileExists(atPath: "\(folder)/Makefile") else {
      throw HintedError(
        "no firmware sources in \(folder)",
        hint: "run inside a checkout of Alambic, or install the program with `make install`", status: .unavailable)
    }
    let links = try PathLinks([folder] + variables.map(\.value).filter { $0.hasPrefix("/") })
    defer { links.remove() }
    let values = variables.map { "\($0.name)=\(links.replaced($0.value))" }
    // With -C the Makefile would know itself by its real path, whatever link led there.
    let arguments = ["--no-print-directory", "-f", "\(links.replaced(folder))/Makefile", target] + values
    let outcome = try await toolbox.run("make", arguments, in: folder, timeLimit: Self.timeLimit)
    guard outcome.didSucceed else {
      throw HintedError(
        links.restored(in: "the build of \(target) failed: \(Self.reason(outcome.messages))"),
        hint: links.restored(in: "make \(arguments.joined(separator: " "))"),
        status: .internalFault)
    }
    return Self.flags(of: compiler, in: outcome.output)
  }

  /// The line that says what went wrong: the first that speaks of an error, else the last.
  private static func reason(_ messages: String) -> String {
    let lines = messages.split(whereSeparator: \.isNewline)
    return String(lines.first { $0.contains("error") || $0.contains("overflow") } ?? lines.last ?? "no message")
  }

  /// Of the command that make echoed last for this compiler.
  static func flags(of compiler: String, in output: String) -> String {
    let commands = output.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("\(compiler) ") }
    let words = commands.last?.split(separator: " ") ?? []
    return words.filter { word in ["-O", "-std=", "-f", "-m"].contains { word.hasPrefix($0) } }.joined(separator: " ")
  }
}
