import Basics
import Dispatch
import Foundation
import Synchronization

/// Turns the first Ctrl-C (or SIGTERM) into an orderly stop, and the second into an immediate one: whatever was stored
/// is stored, so both lose nothing, but the first also keeps answers that are under way.
final class StopSignals {
  private let sources: [any DispatchSourceSignal]

  init(onFirst stop: @escaping @Sendable () -> Void) {
    sources = [SIGINT, SIGTERM].map { signal in
      // The default action would end the process before the source is asked.
      Foundation.signal(signal, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: signal, queue: .global())
    }
    let handler = StopHandler(stop: stop)
    for source in sources {
      source.setEventHandler { handler.receive() }
      source.resume()
    }
  }

  /// Forgets the signals; the process is about to end by itself.
  func end() {
    for source in sources { source.cancel() }
  }
}

/// Counts signals.
private final class StopHandler: Sendable {
  private let count = Atomic<Int>(0)
  private let stop: @Sendable () -> Void

  init(stop: @escaping @Sendable () -> Void) { self.stop = stop }

  func receive() {
    if count.add(1, ordering: .relaxed).newValue == 1 {
      stop()
    } else {
      exit(ExitStatus.interrupted.rawValue)
    }
  }
}
