import ArgumentParser
import Basics
import Lineage

/// `--vocabulary` and `--mark`: the tokens that students of a text read and write.
struct VocabularyOptions: ParsableArguments {
  enum Kind: String, CaseIterable, ExpressibleByArgument { case learned, bytes }

  @Option(
    help: ArgumentHelp(
      "learned: byte values that the training part never uses stand for its frequent strings; bytes: none does "
        + "(default of a text: bytes).",
      valueName: "tokens"))
  var vocabulary: Kind?

  @Option(
    name: .customLong("mark"),
    help: ArgumentHelp(
      "With a learned vocabulary: a text whose bytes, except spaces, are in no string, such as \"> \"; repeatable.",
      valueName: "text"))
  var marks: [String] = []

  @Option(
    help: ArgumentHelp(
      "With a learned vocabulary: at most so many strings; each takes flash (default: all that there is room for; 80 "
        + "with --task classify).",
      valueName: "count"))
  var strings: Int?

  /// The first option that was given; nil where none was.
  var given: String? {
    vocabulary != nil ? "--vocabulary" : !marks.isEmpty ? "--mark" : strings != nil ? "--strings" : nil
  }

  /// What was asked for; nil where nothing was.
  /// - Throws: `HintedError` for marks without a learned vocabulary, and for what cannot be one.
  func choice() throws -> Recipe.VocabularyChoice? {
    guard vocabulary == .learned else {
      guard marks.isEmpty, strings == nil else {
        throw HintedError(
          "\(marks.isEmpty ? "--strings" : "--mark") is for a learned vocabulary; bytes merge nothing",
          hint: "add --vocabulary learned", status: .usage)
      }
      return vocabulary == .bytes ? .bytes : nil
    }
    for mark in marks where mark.utf8.allSatisfy({ $0 == UInt8(ascii: " ") }) {
      throw HintedError(
        "--mark '\(mark)' has no byte but spaces", hint: "name the sign itself, for example --mark \"> \"",
        status: .usage)
    }
    if let strings { try Limits.check("--strings", strings, in: Recipe.VocabularyChoice.stringLimits) }
    return .learned(marks: marks, strings: strings)
  }
}
