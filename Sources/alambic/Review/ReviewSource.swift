import Basics
import Console
import Foundation
import Subprocess
import SystemPackage
import Workbench

/// Where orders come from.
protocol ReviewSource {
  /// Whether a mistake can be tried again.
  var isPerson: Bool { get }
  /// - Returns: nil at the end of the input.
  /// - Throws: `HintedError` for an order that is none.
  mutating func next(_ text: ReviewText) async throws -> ReviewOrder?
  func show(_ text: String)
  func end()
}

/// A line a decision; texts are not shown.
struct PipedReview: ReviewSource {
  let isPerson = false

  mutating func next(_ text: ReviewText) async throws -> ReviewOrder? {
    while let line = readLine() {
      if line.isEmpty { continue }
      return try ReviewOrder(line: line)
    }
    return nil
  }

  func show(_ text: String) {}
  func end() {}
}

/// A person at a terminal, whose single keys decide.
final class KeyedReview: ReviewSource {
  let isPerson = true
  private let input: TerminalInput
  private let keys: KeyReader

  static let help = "a accept · r reject · e edit · s skip · u undo · q quit"

  init() throws {
    guard let input = TerminalInput() else {
      throw HintedError("standard input is not a terminal", status: .internalFault)
    }
    self.input = input
    keys = KeyReader(input)
  }

  func show(_ text: String) { StandardStream.say(text) }
  func end() { input.restore() }

  func next(_ text: ReviewText) async throws -> ReviewOrder? {
    show(Style.faint(Self.help, on: .standardError()) + "\n")
    while let key = try keys.next() {
      switch key {
      case .scalar("a"): return .accept
      case .scalar("s"), .scalar(" "): return .skip
      case .scalar("u"): return .undo
      case .scalar("q"), .control("c"), .control("d"): return .quit
      case .scalar("r"): if let reason = try line("why not? ") { return .reject(reason) }
      case .scalar("e"): if let edited = try await edited(text.text) { return .edit(edited) }
      default: show("?\n")
      }
    }
    return nil
  }

  /// A line that is typed; nil where the person thinks better of it.
  private func line(_ question: String) throws -> String? {
    var editor = LineEditor(history: LineHistory())
    func draw() { show(LineView(prompt: question, columnCount: TerminalInput.columnCount).drawing(editor)) }
    draw()
    while let key = try keys.next() {
      switch editor.take(key) {
      case .edited: draw()
      case .ignored, .clearScreen: break
      case .interrupted, .ended:
        show("\n")
        return nil
      case .entered(let line):
        show("\n")
        return line
      }
    }
    return nil
  }

  /// The text as `$EDITOR` leaves it; nil where nothing changed.
  private func edited(_ text: String) async throws -> String? {
    let path = "\(NSTemporaryDirectory())alambic-review-\(UUID().uuidString).txt"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try AtomicFile.write(text, to: path)
    input.restore()
    // The shell takes an editor with options, as git does; the path is no part of its words.
    let result = try await Stopping.waits(for: "your editor, which has the terminal") {
      try await Subprocess.run(
        .path("/bin/sh"), arguments: ["-c", "${VISUAL:-${EDITOR:-vi}} \"$1\"", "sh", path],
        input: .currentStandardInput, output: .currentStandardOutput, error: .currentStandardError)
    }
    guard input.takeOver() else { throw HintedError("the terminal is gone", status: .unavailable) }
    guard result.terminationStatus.isSuccess else {
      show("the editor failed: nothing is changed; $EDITOR names another one\n")
      return nil
    }
    let edited = String(decoding: try AtomicFile.read(path), as: UTF8.self)
    return edited.trimmingCharacters(in: .newlines) == text ? nil : edited
  }
}
