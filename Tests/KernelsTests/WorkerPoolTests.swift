import Kernels
import Synchronization
import Testing

@Suite struct WorkerPoolTests {
  private final class Tally: IndexedWork {
    let counts: [AtomicBox]
    let threadCount: Int
    let strayThreads = Atomic<Int>(0)

    init(_ pieceCount: Int, threadCount: Int) {
      counts = (0..<pieceCount).map { _ in AtomicBox() }
      self.threadCount = threadCount
    }

    func perform(_ index: Int, thread: Int) {
      counts[index].value.add(1, ordering: .relaxed)
      if !(0..<threadCount).contains(thread) { strayThreads.add(1, ordering: .relaxed) }
    }
  }

  @Test(arguments: [1, 2, 5]) func everyPieceIsDoneOnceACall(threadCount: Int) {
    let pool = WorkerPool(threadCount: threadCount)
    let tally = Tally(37, threadCount: threadCount)
    for _ in 0..<300 { pool.forEach(37, of: tally) }
    pool.forEach(3, of: tally)
    pool.forEach(0, of: tally)
    let counts = tally.counts.map { $0.value.load(ordering: .sequentiallyConsistent) }
    #expect(counts == (0..<37).map { $0 < 3 ? 301 : 300 })
    #expect(tally.strayThreads.load(ordering: .sequentiallyConsistent) == 0)
  }
}

/// An atomic number that fits into an array.
private final class AtomicBox: Sendable {
  let value = Atomic<Int>(0)
}
