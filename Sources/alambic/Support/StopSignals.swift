import Basics
import Console
import Dispatch
import Foundation
import Synchronization

/// Turns the first Ctrl-C (or SIGTERM) into a stop within a second, and the second into an immediate one.
///
/// The first cancels the command's task: most commands then end by themselves. One that does not, since it waits for a
/// pipe or is deep in arithmetic, is ended, for a kill at any moment loses nothing that is stored. Only what `Stopping`
/// names is waited for, such as answers that are paid for, and a person is told of it.
final class StopSignals {
  private let sources: [any DispatchSourceSignal]
  private let handler: StopHandler

  /// - Parameters:
  ///   - stop: asks the command to end by itself.
  ///   - end: says that it is ended, and in which way it goes on; returns the exit status.
  init(onFirst stop: @escaping @Sendable () -> Void, atEnd end: @escaping @Sendable () -> ExitStatus) {
    sources = [SIGINT, SIGTERM].map { signal in
      // The default action would end the process before the source is asked.
      Foundation.signal(signal, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: signal, queue: Self.queue)
    }
    let handler = StopHandler(stop: stop, end: end)
    self.handler = handler
    for source in sources {
      source.setEventHandler { handler.receive() }
      source.resume()
    }
  }

  /// Forgets the signals: the process is about to end by itself. Does not return where it is being ended already.
  func end() {
    for source in sources { source.cancel() }
    handler.takeEnd()
  }

  /// A queue with a thread of its own: the others may all be at work.
  private static let queue = DispatchQueue(label: "alambic.signals", qos: .userInteractive)
}

/// Counts signals, and looks after the end once one has come.
private final class StopHandler: Sendable {
  private let count = Atomic<Int>(0)
  private let isEnding = Atomic<Bool>(false)
  private let stop: @Sendable () -> Void
  private let end: @Sendable () -> ExitStatus

  /// How long a command has to end by itself, and how often it is looked at.
  private static let grace = Duration.milliseconds(500)
  private static let glance = Duration.milliseconds(50)

  init(stop: @escaping @Sendable () -> Void, end: @escaping @Sendable () -> ExitStatus) {
    self.stop = stop
    self.end = end
  }

  func receive() {
    if count.add(1, ordering: .relaxed).newValue == 1 {
      stop()
      Thread { self.watch() }.start()
    } else {
      takeEnd()
      UnfinishedFiles.removeAll()
      exit(ExitStatus.interrupted.rawValue)
    }
  }

  /// One end only: who comes second waits for the first one's.
  func takeEnd() {
    while isEnding.exchange(true, ordering: .acquiringAndReleasing) { sleep(60) }
  }

  private func watch() {
    let clock = ContinuousClock()
    let start = clock.now
    var busyUntil = start
    var said: [String] = []
    while clock.now - busyUntil < Self.grace {
      Thread.sleep(forTimeInterval: Self.glance / .seconds(1))
      let awaited = Stopping.awaited
      guard !awaited.isEmpty else { continue }
      busyUntil = clock.now
      if awaited != said, busyUntil - start >= Self.grace {
        said = awaited
        StandardStream.say(
          Terminal.standardError().lineStart + "stopping: this waits for \(awaited.joined(separator: ", and for "))"
            + "; a second signal (Ctrl-C) ends it at once\n")
      }
    }
    takeEnd()
    UnfinishedFiles.removeAll()
    let status = end()
    // Threads of the command still run: nothing of the process is taken apart below them.
    TerminalInput.restoreAtEnd()
    _exit(status.rawValue)
  }
}
