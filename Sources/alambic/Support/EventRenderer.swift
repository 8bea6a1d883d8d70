import Basics
import Console
import Foundation
import Lineage
import Synchronization
import Workbench

/// Shows a run's events on standard error.
final class EventRenderer: Sendable {
  private let printer: ProgressPrinter
  private let terminal: Terminal
  private let startedAt = Mutex([StageName: Date]())

  init(_ common: CommonOptions) {
    printer = common.printer
    terminal = .standardError()
  }

  func show(_ event: WorkbenchEvent) {
    switch event {
    case .started(let stage):
      startedAt.withLock { $0[stage] = Date() }
    case .progress(let stage, let done, let total, let unit, let note):
      let elapsed = startedAt.withLock { -($0[stage]?.timeIntervalSinceNow ?? 0) }
      printer.update(
        ProgressText(
          stage: stage.rawValue, doneCount: done, totalCount: total, unit: unit, elapsedSeconds: elapsed, note: note
        ).line(on: terminal))
    case .finished(let stage, let summary, let seconds):
      let time = Style.faint("(\(ReadableUnits.duration(seconds: seconds)))", on: terminal)
      printer.say("\(label(stage))\(summary) \(time)")
    case .upToDate(let stage, let summary):
      printer.say("\(label(stage))\(summary) \(Style.faint("(up to date)", on: terminal))")
    case .notice(let text):
      printer.say(text)
    }
  }

  private func label(_ stage: StageName) -> String {
    Style.strong(stage.rawValue.padding(toLength: 9, withPad: " ", startingAt: 0), on: terminal)
  }
}
