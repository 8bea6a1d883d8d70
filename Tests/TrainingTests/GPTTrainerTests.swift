import Basics
import CAllocationCount
import Formats
import Foundation
import Kernels
import Networks
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
        .baseline: "fca1ea13e537463337b7c44448a04b8787dd4e280e9b1a778268aa5c12ba15f8",
        .avx2: "13364701f8677d4f518c5387c694a2cb79a87d74ff700b7fb8c949583fa04cc4",
        .avx512: "0766c5a218a0713ba6ad07c1525ed37b8fc8464eb78fee13de7be0b1f885d62a",
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
    #expect(try trainer.heldOutBitsPerByte() > 7)
    try trainer.run()
    #expect(try trainer.heldOutBitsPerByte() < 1)
    let nats = try trainer.heldOutWindowNats()
    #expect(nats.count == trainer.data.heldOutWindowCount)
    #expect(try abs(nats.reduce(0, +) / Double(nats.count * 23) / log(2) - trainer.heldOutBitsPerByte()) < 1e-12)
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
