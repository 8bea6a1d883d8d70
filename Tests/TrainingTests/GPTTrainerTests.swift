import Basics
import CAllocationCount
import Formats
import Foundation
import Kernels
import Lineage
import Testing
import Training

@Suite struct GPTTrainerTests {
  static let shape = GPTShape(modelWidth: 12, layerCount: 2, headCount: 3, feedForwardWidth: 20, contextLength: 24)

  private func trainer(
    _ settings: TrainingSettings = TrainingFixture.settings, threadCount: Int, instructionSet: InstructionSet = .best
  ) throws -> Trainer<GPTShape> {
    try Trainer(
      shape: Self.shape, settings: settings, data: try TrainingFixture.data(), threadCount: threadCount,
      instructionSet: instructionSet)
  }

  private func finalBytes(threadCount: Int, instructionSet: InstructionSet = .best) throws -> [UInt8] {
    let trainer = try trainer(threadCount: threadCount, instructionSet: instructionSet)
    try trainer.run()
    return try trainer.checkpoint().encoded()
  }

  /// Recorded on x86-64 Linux with the pinned toolchain, as `TrainerTests` does for atome models.
  #if arch(x86_64) && os(Linux)
    @Test(arguments: InstructionSet.available, [1, 2])
    func checkpointHashIsAsRecorded(instructionSet: InstructionSet, threadCount: Int) throws {
      let recorded: [InstructionSet: String] = [
        .baseline: "2e30d9d63ebcdbc288c4120ec70c42fd06faabbe551bdd3807653d9a17e1b729",
        .avx2: "62e53905ae7b4d36e2d0199bfb18699e6dbe9a0235aabd97b251b6260bb1df90",
        .avx512: "8bb5aae2d894868d6c6a2ae619b6158680d7e33b79fa304fe332048094b76d7e",
      ]
      let id = ContentID(of: try finalBytes(threadCount: threadCount, instructionSet: instructionSet))
      #expect(id.hex == recorded[instructionSet])
    }
  #endif

  @Test(arguments: [0, 7]) func resumedRunGivesTheSameBytes(stop: Int) throws {
    let stopped = try trainer(threadCount: 1)
    for _ in 0..<stop { _ = try stopped.advance() }
    let saved = try stopped.checkpoint().encoded()
    let resumed = try Trainer(
      resuming: GPTCheckpoint(decoding: saved, name: "saved"), data: TrainingFixture.data(), threadCount: 2)
    try resumed.run()
    #expect(try resumed.checkpoint().encoded() == finalBytes(threadCount: 1))
  }

  @Test func repeatedTextIsLearned() throws {
    var settings = TrainingFixture.settings
    settings.stepCount = 250
    let trainer = try trainer(settings, threadCount: 2)
    #expect(trainer.heldOutBitsPerByte() > 7)
    try trainer.run()
    #expect(trainer.heldOutBitsPerByte() < 1)
    let nats = trainer.heldOutWindowNats()
    #expect(nats.count == trainer.data.heldOutWindowCount)
    #expect(abs(nats.reduce(0, +) / Double(nats.count * 23) / log(2) - trainer.heldOutBitsPerByte()) < 1e-12)
  }

  @Test func checkpointsOfTheOtherArchitectureAreRefused() throws {
    let gpt = try finalBytes(threadCount: 1)
    let atome = try TrainingFixture.checkpoint(steps: 0).encoded()
    #expect(try CheckpointFile.architecture(of: gpt, name: "gpt") == .gpt)
    #expect(try CheckpointFile.architecture(of: atome, name: "atome") == .atome)
    #expect { try Checkpoint(decoding: gpt, name: "gpt") } throws: { error in
      (error as? HintedError)?.hint?.contains("baseline") == true
    }
    #expect(throws: HintedError.self) { try GPTCheckpoint(decoding: atome, name: "atome") }
  }

  @Test func windowBeyondThePositionTableIsRefused() throws {
    var shape = Self.shape
    shape.contextLength = 23
    #expect(throws: HintedError.self) {
      try Trainer(shape: shape, settings: TrainingFixture.settings, data: TrainingFixture.data())
    }
  }

  @Test(.enabled(if: alambic_counts_allocations(), "allocations are counted on Linux with glibc only"))
  func stepAllocatesNothing() throws {
    let trainer = try trainer(threadCount: 1)
    for _ in 0..<2 { _ = try trainer.advance() }
    let before = alambic_allocation_count()
    for _ in 0..<5 { _ = try trainer.advance() }
    #expect(alambic_allocation_count() == before)
  }
}

@Suite struct GPTShapeTests {
  @Test func layoutCoversAllParameters() {
    for (name, shape) in GPTShape.presets {
      var end = 0
      for tensor in GPTLayout(shape).tensors {
        #expect(tensor.offset == end, "\(name): \(tensor.name)")
        end = tensor.range.upperBound
      }
      #expect(end == shape.parameterCount)
    }
  }

  @Test func impossibleShapesAreRefused() {
    for change: (inout GPTShape) -> Void in [
      { $0.headCount = 5 }, { $0.modelWidth = 0 }, { $0.contextLength = 1 }, { $0.layerCount = 65 },
    ] {
      var shape = GPTShape.gpt60K
      change(&shape)
      #expect(throws: HintedError.self) { try shape.validate() }
    }
  }
}
