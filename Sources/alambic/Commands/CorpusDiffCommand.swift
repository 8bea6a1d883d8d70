import ArgumentParser
import Basics
import Curation
import Foundation

/// `alambic corpus diff`.
struct CorpusDiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Say what two versions of a corpus differ in, text by text.",
    discussion: """
      Takes what `curate` left: documents.jsonl, or documents.jsonl.zst of a workspace. Texts that
      are gone come with the reason, where the second version's rejections lie beside it. Ends
      with status 1 where there is a difference, as diff does.

      EXAMPLES
        alambic corpus diff old/documents.jsonl new/documents.jsonl
        alambic corpus diff old/documents.jsonl new/documents.jsonl --json
      """.paragraphs)
  @Argument(help: ArgumentHelp("The documents as they were.", valueName: "file"), completion: .file())
  var first: String
  @Argument(help: ArgumentHelp("The documents as they are.", valueName: "file"), completion: .file())
  var second: String
  @Option(help: ArgumentHelp("Show so many texts of each kind (default: 20).", valueName: "count"))
  var limit: Int?
  @OptionGroup var common: CommonOptions

  func run() throws {
    let difference = try CorpusDifference(from: first, to: second)
    if common.json {
      try Output.json(difference)
    } else {
      Output.text(text(difference))
    }
    if !difference.isEmpty { throw ExitCode(ExitStatus.answerIsNo.rawValue) }
  }

  private func text(_ difference: CorpusDifference) -> String {
    var lines = [
      "\(ReadableUnits.count(difference.sameCount)) the same · \(ReadableUnits.count(difference.added.count)) new · "
        + "\(ReadableUnits.count(difference.removed.count)) gone · \(ReadableUnits.count(difference.moved.count)) on "
        + "another side of the split · \(ReadableUnits.count(difference.repeatsChangedCount)) said more or less often"
    ]
    for (sign, changes) in [("+", difference.added), ("-", difference.removed), ("~", difference.moved)] {
      let shown = changes.prefix(max(0, limit ?? 20))
      for change in shown {
        let why = [change.reason, change.detail].compactMap { $0 }.joined(separator: ": ")
        lines.append("\(sign) \(change.text.replacing("\n", with: "\n  "))\(why.isEmpty ? "" : "\n    (\(why))")")
      }
      if changes.count > shown.count {
        lines.append("\(sign) … \(ReadableUnits.count(changes.count - shown.count)) more")
      }
    }
    return lines.joined(separator: "\n")
  }
}
