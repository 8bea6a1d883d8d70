import Basics
import Console
import Foundation
import Synchronization
import Testing

private let plain = Terminal(showsColour: false, rewritesLines: false)
private let coloured = Terminal(showsColour: true, rewritesLines: true, columnCount: 40)

@Suite("Console")
struct ConsoleTests {
  @Test("an error and its hint are two paragraphs")
  func errorText() {
    let error = HintedError("no such file: a.atome", hint: "check the path")
    #expect(ErrorText.render(error, on: plain) == "error: no such file: a.atome\n\nhint: check the path\n")
    #expect(ErrorText.render(HintedError("no"), on: plain) == "error: no\n")
    #expect(ErrorText.render(error, on: coloured).contains("\u{1B}[31merror\u{1B}[0m: "))
  }

  @Test("a progress line shows amount, rate, remaining time and note")
  func progressLine() {
    let progress = ProgressText(
      stage: "ask", doneCount: 250, totalCount: 1000, unit: "answers", elapsedSeconds: 5, note: "$0.02 so far")
    #expect(progress.line(on: plain) == "ask      250 of 1,000 answers · 50/s · 15.0 s left · $0.02 so far")
    let start = ProgressText(stage: "curate", doneCount: 0, totalCount: nil, unit: "samples", elapsedSeconds: 0)
    #expect(start.line(on: plain) == "curate   0 samples")
  }

  @Test("off a terminal, progress is a plain line now and then")
  func plainProgress() {
    let written = Mutex("")
    let printer = ProgressPrinter(terminal: plain) { text in written.withLock { $0 += text } }
    let start = Date()
    printer.update("first", now: start)
    printer.update("too soon", now: start.addingTimeInterval(1))
    printer.update("later", now: start.addingTimeInterval(6))
    printer.say("done")
    #expect(written.withLock { $0 } == "first\nlater\ndone\n")
  }

  @Test("on a terminal, a line is rewritten and clipped to the window")
  func rewrittenProgress() {
    let written = Mutex("")
    let terminal = Terminal(showsColour: false, rewritesLines: true, columnCount: 10)
    let printer = ProgressPrinter(terminal: terminal) { text in written.withLock { $0 += text } }
    printer.update("123456789012345")
    printer.say("done")
    #expect(written.withLock { $0 } == "\r\u{1B}[K123456789\r\u{1B}[Kdone\n")
  }

  @Test("quiet prints nothing")
  func quiet() {
    let written = Mutex("")
    let printer = ProgressPrinter(terminal: plain, isQuiet: true) { text in written.withLock { $0 += text } }
    printer.update("a")
    printer.say("b")
    #expect(written.withLock { $0 }.isEmpty)
  }

  @Test("a table aligns text left and numbers right")
  func table() {
    var table = Table([("engine", .left), ("bits", .right)])
    table.add(["swift", "0"])
    table.add(["cortex-m3", "1234"])
    #expect(table.text == "engine     bits\nswift         0\ncortex-m3  1234")
  }

  @Test("the nearest name is close or absent")
  func editDistance() {
    #expect(EditDistance.nearest(to: "thermostaat", in: ["tinystories", "thermostat"]) == "thermostat")
    #expect(EditDistance.nearest(to: "poetry", in: ["tinystories", "thermostat"]) == nil)
  }

  @Test("NO_COLOR and a dumb terminal are respected")
  func environment() {
    #expect(!Terminal.standardError(environment: ["NO_COLOR": "1"]).showsColour)
    #expect(!Terminal.standardError(environment: ["TERM": "dumb"]).rewritesLines)
  }
}
