import Foundation
import TestSupport
import Testing

@Suite("alambic --help")
struct HelpTests {
  private static let commands = [
    "new", "ask", "curate", "shard", "train", "export", "verify", "ship", "sign", "make", "talk", "fit", "compare",
    "anomaly", "wake", "evaluate", "bench",
    "inspect", "why",
    "corpus", "teacher", "run", "studio", "doctor", "ledger",
  ]

  @Test("reads as the pipeline and names every command")
  func root() async throws {
    let help = try await help("")
    #expect(help.contains("\nask ─► curate ─► shard ─► train ─► export ─► evaluate ─► verify ─► ship\n"))
    #expect(help.contains("\n  0 done · 1 the answer is no · 64 usage · 65 bad data\n"))
    let listed = help.split(separator: "\n").filter { $0.hasPrefix("  ") }.compactMap { $0.split(separator: " ").first }
    for command in Self.commands { #expect(listed.contains(Substring(command)), "\(command)") }
    #expect(Self.examples(in: help).count == 2)
  }

  @Test("every command has two examples, the first of itself, none broken by a line end", arguments: commands)
  func command(name: String) async throws {
    let help = try await help(name)
    #expect(help.hasPrefix("OVERVIEW: "))
    let examples = Self.examples(in: help)
    #expect(examples.count >= 2)
    #expect(examples.first?.hasPrefix("  alambic \(name)") == true)
    #expect(examples.allSatisfy { $0.hasPrefix("  ") }, "\(examples)")
  }

  @Test("paragraphs are wrapped once: no line ends before the next word needs another", arguments: commands)
  func filled(name: String) async throws {
    let help = try await help(name)
    let overview = help.prefix(upTo: try #require(help.range(of: "USAGE:")).lowerBound)
    let lines = overview.split(separator: "\n", omittingEmptySubsequences: false)
    for (line, next) in zip(lines, lines.dropFirst()) where !next.isEmpty && !line.isEmpty && !next.hasPrefix(" ") {
      let word = next.prefix { $0 != " " }
      #expect(line.hasPrefix(" ") || line.count + 1 + word.count >= 80, "\(name): '\(line)', '\(next)'")
    }
  }

  private func help(_ command: String) async throws -> String {
    let outcome = try await AlambicCommand(in: "/")("\(command) --help")
    #expect(outcome.status == 0 && outcome.standardError.isEmpty, "\(outcome)")
    return outcome.standardOutput
  }

  /// The lines between EXAMPLES and the usage; a line that goes on counts with the next.
  private static func examples(in help: String) -> [Substring] {
    let lines = help.split(separator: "\n")
    guard let title = lines.firstIndex(where: { $0.contains("EXAMPLES") }) else { return [] }
    return Array(lines[(title + 1)...].prefix { !$0.hasPrefix("USAGE") })
  }
}
