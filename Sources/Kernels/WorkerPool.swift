import CKernels
import Foundation
import Synchronization

/// Work in numbered pieces that may be done in any order and by any thread.
public protocol IndexedWork: AnyObject, Sendable {
  /// Does piece `index`; `thread` (0 ..< threadCount) names scratch memory that no other piece uses meanwhile.
  func perform(_ index: Int, thread: Int)
}

/// A few threads that wait by spinning for a moment and then by sleeping: a fork-join costs about a microsecond while
/// training runs, and nothing when it pauses.
///
/// Threads only decide who does a piece. Work whose pieces write to places of their own gives the same bytes on any
/// number of threads.
public final class WorkerPool: Sendable {
  /// How many threads work, the caller's included.
  public let threadCount: Int
  private let shared: SharedWork

  /// Starts `threadCount - 1` threads.
  public init(threadCount: Int) {
    precondition(threadCount >= 1, "a pool has at least the caller's thread")
    self.threadCount = threadCount
    shared = SharedWork()
    for thread in 1..<max(1, threadCount) {
      let worker = Thread { [shared] in shared.serve(thread: thread) }
      worker.name = "alambic-worker-\(thread)"
      worker.start()
    }
  }

  deinit { shared.stop() }

  /// Does pieces 0 ..< `count` of `work` and returns when all are done. One call at a time.
  public func forEach(_ count: Int, of work: any IndexedWork) {
    guard threadCount > 1, count > 1 else {
      for index in 0..<count { work.perform(index, thread: 0) }
      return
    }
    shared.run(count, work)
  }
}

/// What the threads of a pool share. `ticket` holds the number of the current call in its high half and the pieces that
/// nobody took yet in its low half, so a thread that wakes late can take no piece of another call.
private final class SharedWork: @unchecked Sendable {
  // Sendable: `work` is written before a ticket is published and read only by holders of one of its pieces.
  private var work: (any IndexedWork)?
  private let ticket = Atomic<UInt64>(0)
  private let finishedCount = Atomic<Int>(0)
  private let sleeperCount = Atomic<Int>(0)
  private let isStopped = Atomic<Bool>(false)
  private let condition = NSCondition()

  private static let spinCount = 2000
  private static let pieceMask: UInt64 = 0xFFFF_FFFF

  func run(_ count: Int, _ work: any IndexedWork) {
    self.work = work
    finishedCount.store(0, ordering: .relaxed)
    let call = ((ticket.load(ordering: .relaxed) >> 32) &+ 1) & Self.pieceMask
    ticket.store(call << 32 | UInt64(count), ordering: .sequentiallyConsistent)
    if sleeperCount.load(ordering: .sequentiallyConsistent) > 0 { wakeAll() }
    takePieces(of: call, thread: 0)
    var spins = 0
    while finishedCount.load(ordering: .acquiring) < count {
      spins += 1
      if spins < Self.spinCount { alambic_spin_pause() } else { sched_yield() }
    }
    self.work = nil
  }

  func serve(thread: Int) {
    var seen: UInt64 = 0
    while let call = nextCall(after: seen) {
      takePieces(of: call, thread: thread)
      seen = call
    }
  }

  func stop() {
    isStopped.store(true, ordering: .sequentiallyConsistent)
    wakeAll()
  }

  private func takePieces(of call: UInt64, thread: Int) {
    var current = ticket.load(ordering: .acquiring)
    while current >> 32 == call, current & Self.pieceMask > 0 {
      let (taken, original) = ticket.compareExchange(
        expected: current, desired: current - 1, ordering: .acquiringAndReleasing)
      guard taken else {
        current = original
        continue
      }
      perform(Int(current & Self.pieceMask) - 1, thread: thread)
      finishedCount.add(1, ordering: .releasing)
      current = ticket.load(ordering: .acquiring)
    }
  }

  private func perform(_ index: Int, thread: Int) { work?.perform(index, thread: thread) }

  /// Waits for a call other than `seen`; nil when the pool stops.
  private func nextCall(after seen: UInt64) -> UInt64? {
    for _ in 0..<Self.spinCount {
      let call = ticket.load(ordering: .acquiring) >> 32
      if call != seen { return call }
      alambic_spin_pause()
    }
    condition.lock()
    defer { condition.unlock() }
    sleeperCount.add(1, ordering: .sequentiallyConsistent)
    defer { sleeperCount.subtract(1, ordering: .sequentiallyConsistent) }
    while true {
      if isStopped.load(ordering: .sequentiallyConsistent) { return nil }
      let call = ticket.load(ordering: .sequentiallyConsistent) >> 32
      if call != seen { return call }
      condition.wait()
    }
  }

  private func wakeAll() {
    condition.lock()
    condition.broadcast()
    condition.unlock()
  }
}
