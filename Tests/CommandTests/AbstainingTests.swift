import Basics
import Formats
import Foundation
import Lineage
import TestSupport
import Testing

@Suite("alambic talk, watching its routers")
struct AbstainingTests {
  private struct Answer: Decodable {
    var output: [UInt8]
    var routerEntropies: [[Double]]?
    var doubt: Double?
    var isAbstention: Bool?
  }

  private func talk(_ options: String, in folder: String) async throws -> (Answer, AlambicCommand.Outcome) {
    let image = AtomeImageFile.write(RandomModel.make(seed: 5, shape: RandomModel.small), provenance: nil)
    try AtomicFile.write(image, to: "\(folder)/small.atome")
    let outcome = try await AlambicCommand(in: folder)("talk small.atome --prompt hello --json \(options)")
    return (try JSONDecoder().decode(Answer.self, from: Data(outcome.standardOutput.utf8)), outcome)
  }

  @Test("the doubt is the mean entropy over the first bytes, and decides")
  func doubt() async throws {
    try await withTemporaryFolder { folder in
      let (shown, _) = try await talk("--bytes 30 --entropy", in: folder)
      let entropies = try #require(shown.routerEntropies)
      #expect(entropies.count == 30 && entropies.allSatisfy { $0.count == 2 })
      for count in [1, 7, 30, 99] {
        let first = entropies.prefix(count).map { ($0[0] + $0[1]) / 2 }
        let doubt = first.reduce(0, +) / Double(first.count)
        let (below, given) = try await talk(
          "--bytes 30 --abstain-bytes \(count) --abstain-above \(doubt + 1e-6)", in: folder)
        #expect(given.status == 0 && below.output == shown.output && below.isAbstention == false)
        #expect(abs((below.doubt ?? 0) - doubt) < 1e-12)
        let (above, withheld) = try await talk(
          "--bytes 30 --abstain-bytes \(count) --abstain-above \(doubt - 1e-6)", in: folder)
        #expect(withheld.status == 1 && above.output.isEmpty && above.isAbstention == true)
      }
    }
  }

  @Test("from a pipe an abstention is an empty line, and no escape code is anywhere")
  func pipe() async throws {
    try await withTemporaryFolder { folder in
      _ = try await talk("", in: folder)
      let command = AlambicCommand(in: folder)
      let arguments = ["talk", "small.atome", "--bytes", "4", "--entropy"]
      let plain = try await command.run(arguments, input: "a\nb\n")
      #expect(plain.status == 0 && !(plain.standardOutput + plain.standardError).contains("\u{1B}"))
      #expect(plain.standardError.contains("layer 2  "))
      let silent = try await command.run(arguments + ["--abstain-above", "0"], input: "a\nb\n")
      #expect(silent.status == 0 && silent.standardOutput == "\n\n")
      #expect(silent.standardError.split(separator: "\n").count { $0.hasPrefix("(not sure): router entropy 0.") } == 2)
      let slash = try await command.run(["talk", "small.atome", "--bytes", "4"], input: "/quit\n")
      #expect(slash.status == 0 && !slash.standardOutput.isEmpty, "a line from a pipe is a prompt, whatever it says")
    }
  }

  @Test("what cannot be is refused before the image is read")
  func refusals() async throws {
    for option in ["--entropy", "--abstain-above 0.5"] {
      let what = option == "--entropy" ? "entropy" : "abstaining"
      expect(
        try await AlambicCommand(in: "/")("talk none.atome --prompt hi --engine c \(option)"),
        is: .refusal(
          64, "\(what) needs the Swift engine: the C engine does not show its routers",
          hint: "choose the engine swift; its bytes are the same"))
    }
    expect(
      try await AlambicCommand(in: "/")("talk none.atome --prompt hi --abstain-above 1.5"),
      is: .refusal(64, "--abstain-above is 1.5, outside 0…1", hint: "choose a value in that range"))
  }
}
