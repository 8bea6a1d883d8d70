import ArgumentParser
import Basics
import Foundation

/// `alambic reference`: the pages of docs/reference, from the code itself. Not listed in help; `make docs` calls it.
struct ReferenceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reference",
    abstract: "Write the reference pages from the code, or check that they are fresh.",
    discussion: """
      EXAMPLES
        alambic reference docs/reference
        alambic reference docs/reference --check
      """.paragraphs,
    shouldDisplay: false)

  @Argument(help: "The folder of the pages.", completion: .directory)
  var folder: String

  @Flag(help: "Write nothing; fail when a page is not what the code says.")
  var check = false

  func run() throws {
    for page in try ReferencePage.all() {
      let path = "\(folder)/\(page.fileName)"
      if check {
        try verify(page, at: path)
      } else {
        try AtomicFile.write(page.text, to: path)
      }
    }
  }

  private func verify(_ page: ReferencePage, at path: String) throws {
    guard let found = try? AtomicFile.read(path), found == Array(page.text.utf8) else {
      throw HintedError("\(path) is not what the code says", hint: "run `make docs` and commit", status: .answerIsNo)
    }
  }
}
