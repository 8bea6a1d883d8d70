import Basics
import Formats
import Lineage
import Model
import Testing
import Training

/// What the trainer reports is what the exported model does: two implementations of the forward pass, written apart.
@Suite struct ReferenceParityTests {
  @Test func heldOutBitsPerByteEqualTheReferenceEngines() async throws {
    let data = try TrainingFixture.data()
    let trainer = try Trainer(shape: TrainingFixture.shape, settings: TrainingFixture.settings, data: data)
    try trainer.run()
    let model = trainer.checkpoint().model
    let reference = try await BitsPerByte.evaluate(
      tokens: data.heldOut, window: data.windowTokenCount, threadCount: 1
    ) {
      try ReferenceEngine(model: model, contextLength: data.windowTokenCount)
    }
    #expect(reference.byteCount == data.heldOutWindowCount * (data.windowTokenCount - 1))
    // Sums differ in order and exp in its last bits; a pathway computed differently would show in the first digits.
    #expect(try abs(trainer.heldOutBitsPerByte() - reference.bitsPerByte) < 1e-4)
  }
}
