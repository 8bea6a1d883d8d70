import CKernels
import Dispatch
import Synchronization

/// The most float32 multiplications and additions a second that this machine does: what a training step's rate is a
/// share of.
public enum ArithmeticPeak {
  /// Measures once, for about a tenth of a second.
  /// - Returns: floating-point operations a second of all threads together; 0 where the instruction set is missing.
  public static func operationsPerSecond(_ set: InstructionSet, threadCount: Int) -> Double {
    guard let table = set.table?.pointee else { return 0 }
    let total = Mutex(0.0)
    let clock = ContinuousClock()
    let start = clock.now
    DispatchQueue.concurrentPerform(iterations: max(1, threadCount)) { _ in
      var sink: [Float] = [0.999, 0.001, 0]
      let done = table.arithmetic_peak(roundCount, &sink)
      total.withLock { $0 += done }
    }
    return total.withLock { $0 } / ((clock.now - start) / .seconds(1))
  }

  /// At 12 FMAs a round and two a cycle: some 50 ms at 3 GHz.
  private static let roundCount = 25_000_000
}
