import Basics
import Formats
import Lineage
import Study
import Testing
import Training

@Suite("What a build's kernels make of a student")
struct FingerprintTests {
  private static func run(_ change: (inout TrainingSettings) -> Void = { _ in }) throws -> StudentRun {
    var settings = TrainingSettings.standard
    (settings.batchCount, settings.windowTokenCount, settings.stepCount) = (2, 16, 8)
    change(&settings)
    var generator = SeededGenerator(seed: 7)
    let text = (0..<4096).map { _ in UInt8(97 + generator.below(20)) }
    return StudentRun(
      shape: try StudentShape(named: "gpt-6k", window: 16), settings: settings,
      data: try TrainingData(bytes: text, window: 16, vocabulary: .bytes))
  }

  @Test("equal work has one, whatever the seed; numbers that round otherwise have another")
  func differs() throws {
    let own = try Self.run().fingerprint()
    #expect(try Self.run().fingerprint() == own)
    #expect(try Self.run { $0.seed = 9 }.fingerprint() == own)
    // A change of one unit in the last place, as another order of additions makes.
    #expect(try Self.run { $0.beta1 = $0.beta1.nextDown }.fingerprint() != own)
    #expect(try Self.run { $0.learningRate = $0.learningRate.nextUp }.fingerprint() != own)
  }
}
