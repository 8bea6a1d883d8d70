import Basics
import Console
import Foundation

/// Questions to a person at a terminal, a line each. Enter takes what stands in brackets; an answer that will not do is
/// explained and asked again.
final class Interview {
  private let keys: KeyReader
  private let input: TerminalInput
  private let terminal = Terminal.standardError()
  private var editor = LineEditor(history: LineHistory())
  private var number = 0

  /// Nil where nobody sits at a terminal.
  init?() {
    guard TerminalInput.isInteractive(), let input = TerminalInput() else { return nil }
    self.input = input
    keys = KeyReader(input)
  }

  /// Leaves the terminal as it was found.
  func end() { input.restore() }

  func say(_ text: String) { StandardStream.say(text + "\n") }

  /// - Parameters:
  ///   - note: what helps to answer, below the question.
  ///   - usual: what an empty line stands for; nil where there has to be an answer.
  ///   - accept: what the answer means.
  /// - Throws: `HintedError` with the status `stopped` when the person leaves.
  func ask<Answer>(
    _ question: String, note: String? = nil, usual: String? = nil, accept: (String) throws -> Answer
  ) throws -> Answer {
    number += 1
    say(Style.strong("\(number). \(question)", on: terminal) + (usual.map { " [\($0)]" } ?? ""))
    if let note { say(Style.faint(note, on: terminal)) }
    while true {
      let line = try readLine().trimmingCharacters(in: .whitespaces)
      do {
        return try accept(line.isEmpty ? usual ?? "" : line)
      } catch let error as HintedError {
        StandardStream.say("\(Style.bad("no", on: terminal)): \(error.message)\(error.hint.map { "; \($0)" } ?? "")\n")
      }
    }
  }

  private func readLine() throws -> String {
    draw()
    while let key = try keys.next() {
      switch editor.take(key) {
      case .edited: draw()
      case .ignored: break
      case .clearScreen:
        StandardStream.say("\u{1B}[H\u{1B}[2J")
        draw()
      case .entered(let line):
        StandardStream.say("\n")
        return line
      case .interrupted, .ended:
        StandardStream.say("\n")
        throw Self.left
      }
    }
    throw Self.left
  }

  private func draw() {
    StandardStream.say(LineView(prompt: "   > ", columnCount: TerminalInput.columnCount).drawing(editor))
  }

  private static let left = HintedError(
    "stopped; nothing was made", hint: "the same command asks again", status: .stopped)
}
