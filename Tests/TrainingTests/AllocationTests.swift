import CAllocationCount
import Formats
import Testing
import Training

@Suite(.enabled(if: alambic_counts_allocations(), "allocations are counted on Linux with glibc only"))
struct AllocationTests {
  /// On one thread all work is on the caller's, whose allocations are counted.
  @Test(arguments: [true, false]) func stepAllocatesNothing(usesMuon: Bool) throws {
    var settings = TrainingFixture.settings
    if !usesMuon { settings.muon = nil }
    let trainer = try Trainer(
      shape: TrainingFixture.shape, settings: settings, data: TrainingFixture.data(), threadCount: 1)
    // The first steps make the runtime's type metadata.
    for _ in 0..<2 { _ = try trainer.advance() }
    let before = alambic_allocation_count()
    for _ in 0..<10 { _ = try trainer.advance() }
    #expect(alambic_allocation_count() - before == 0)
  }

  @Test func countingCounts() {
    let before = alambic_allocation_count()
    let array = [UInt8](repeating: 1, count: Int.random(in: 5000...6000))
    #expect(alambic_allocation_count() > before)
    #expect(array.count >= 5000)
  }
}
