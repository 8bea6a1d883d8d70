import Basics
import Console
import Conversation
import Foundation
import Lineage
import Synchronization
import Workbench

/// A talk with a person at a terminal: prompts and instructions in, answers out.
final class TalkSession {
  private let startSettings: TalkSettings
  private let makeTalker: (TalkSettings.Engine) throws -> Talker
  private let note: String?
  private let historyFile = TalkHistoryFile()
  private let messages = Terminal.standardError()
  private let emptyTranscript: TalkTranscript
  private var settings: TalkSettings
  private var talker: Talker
  private var transcript: TalkTranscript
  private var editor: LineEditor

  /// - Parameters:
  ///   - note: what the person should know of the model.
  ///   - makeTalker: for a change of engine.
  init(
    _ settings: TalkSettings, transcript: TalkTranscript, note: String?,
    makeTalker: @escaping (TalkSettings.Engine) throws -> Talker
  ) throws {
    startSettings = settings
    self.settings = settings
    self.note = note
    self.makeTalker = makeTalker
    self.transcript = transcript
    emptyTranscript = transcript
    talker = try makeTalker(settings.engine)
    editor = LineEditor(history: historyFile.read())
  }

  /// Talks until the person leaves. The terminal is left as it was found, whatever happens.
  func run() async throws {
    guard let input = TerminalInput() else {
      throw HintedError("standard input is not a terminal", status: .internalFault)
    }
    defer { input.restore() }
    let keys = KeyReader(input)
    say(
      (note.map { $0 + "\n" } ?? "")
        + "\(settings)\n/help lists the instructions, Ctrl-C stops an answer, Ctrl-D leaves")
    while let line = try readLine(keys) {
      historyFile.write(editor.history)
      do {
        if try await take(line, keys) { return }
      } catch let error as HintedError {
        StandardStream.say(ErrorText.render(error, on: messages))
      }
    }
  }

  /// - Returns: whether the person leaves.
  private func take(_ line: String, _ keys: KeyReader) async throws -> Bool {
    if line.isEmpty { return false }
    if line.hasPrefix("//") {
      try await answer(String(line.dropFirst()), keys)
    } else if line.hasPrefix("/") {
      return try follow(TalkInstruction(parsing: line, settings))
    } else {
      try await answer(line, keys)
    }
    return false
  }

  private func follow(_ instruction: TalkInstruction) throws -> Bool {
    switch instruction {
    case .quit: return true
    case .help: say(Self.help + "\n\n\(settings)")
    case .reset:
      try use(startSettings)
      transcript = emptyTranscript
      say("\(settings); the transcript is empty")
    case .set(let changed):
      try use(changed)
      say("\(settings)")
    case .save(let path):
      try transcript.write(to: path)
      say("\(transcript.exchanges.count) answers in \(path)")
    }
    return false
  }

  private func use(_ changed: TalkSettings) throws {
    try talker.check(changed)
    if changed.engine != settings.engine { talker = try makeTalker(changed.engine) }
    settings = changed
  }

  private static var help: String {
    var table = Table([("instruction", .left), ("", .left), ("what it does", .left)])
    for instruction in TalkInstruction.all {
      table.add([instruction.name, instruction.argument, instruction.meaning])
    }
    return table.text + "\nA prompt that begins with a slash is written with two."
  }

  private func say(_ text: String) { StandardStream.say(Style.faint(text, on: messages) + "\n") }
}

// MARK: - Reading and answering

extension TalkSession {
  /// - Returns: nil when the person leaves.
  private func readLine(_ keys: KeyReader) throws -> String? {
    draw()
    while let key = try keys.next() {
      switch editor.take(key) {
      case .edited: draw()
      case .ignored: break
      case .clearScreen:
        write("\u{1B}[H\u{1B}[2J")
        draw()
      case .interrupted:
        write("^C\n")
        draw()
      case .entered(let line):
        write("\n")
        return line
      case .ended:
        write("\n")
        return nil
      }
    }
    return nil
  }

  private func draw() {
    write(LineView(prompt: "> ", columnCount: TerminalInput.columnCount).drawing(editor))
  }

  private func answer(_ prompt: String, _ keys: KeyReader) async throws {
    let (request, read) = (try settings.request(), try settings.prompt(Array(prompt.utf8)))
    let (talker, speech) = (talker, Speech())
    let clock = ContinuousClock()
    let start = clock.now
    do {
      let continuation = try await keys.untilInterrupted {
        try await talker.answer(read, request) { speech.add($0) }
      }
      speech.end()
      if continuation.isAbstention { say(TalkCommand.notSure(continuation)) }
      if let entropies = continuation.routerEntropies, !continuation.isAbstention {
        StandardStream.say(EntropyBars.map(continuation.output, entropies, on: messages) + "\n")
      }
      record(prompt, speech.bytes, isAbstention: continuation.isAbstention)
    } catch is CancellationError where !Task.isCancelled {
      speech.end()
      record(prompt, speech.bytes, isInterrupted: true)
    }
    say(Self.rate(speech.bytes.count, (clock.now - start) / .seconds(1)))
  }

  private func record(_ prompt: String, _ output: [UInt8], isInterrupted: Bool = false, isAbstention: Bool = false) {
    transcript.exchanges.append(
      TalkTranscript.Exchange(
        settings: settings, prompt: prompt, output: output, isInterrupted: isInterrupted, isAbstention: isAbstention))
  }

  private static func rate(_ count: Int, _ seconds: Double) -> String {
    "\(ReadableUnits.count(count)) bytes in \(seconds.rounded(toPlaces: 2)) s: "
      + "\((Double(count) / max(seconds, 1e-6)).rounded(toPlaces: 0)) bytes/s"
  }
}

/// An answer as it comes, shown at once and kept.
private final class Speech: Sendable {
  private struct State {
    var bytes: [UInt8] = []
    var text = PrintableText()
  }

  private let state = Mutex(State())

  var bytes: [UInt8] { state.withLock { $0.bytes } }

  func add(_ more: ArraySlice<UInt8>) {
    state.withLock { inner in
      inner.bytes += more
      write(inner.text.take(more))
    }
  }

  /// Ends the line.
  func end() {
    state.withLock { inner in
      write(inner.text.end() + (inner.bytes.isEmpty || inner.bytes.last == 0x0A ? "" : "\n"))
    }
  }
}

private func write(_ text: String) { StandardStream.write(text) }
