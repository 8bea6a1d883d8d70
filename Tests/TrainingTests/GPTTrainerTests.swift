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
    _ settings: TrainingSettings = TrainingFixture.settings, threadCount: Int, instructionSet: InstructionSet = .best,
    isTied: Bool = false
  ) throws -> Trainer<GPTShape> {
    var shape = Self.shape
    shape.isTied = isTied
    return try Trainer(
      shape: shape, settings: settings, data: try TrainingFixture.data(), threadCount: threadCount,
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
        .baseline: "b9b773c73a57ecc9b372effa736e3874169082bb772277f5786cc5ab79f34861",
        .avx2: "6519ace4904aa57c4ce2385ac64b6cf0b2ef1860d7e3192ccf78f0f2fa425e06",
        .avx512: "9f312e4b34e3d02350f2960b84a20904a213e7d570cd681fcb749a005f7ae4ca",
      ]
      let id = ContentID(of: try finalBytes(threadCount: threadCount, instructionSet: instructionSet))
      #expect(id.hex == recorded[instructionSet])
    }
  #endif

  @Test(arguments: [0, 7], [false, true]) func resumedRunGivesTheSameBytes(stop: Int, isTied: Bool) throws {
    let stopped = try trainer(threadCount: 1, isTied: isTied)
    for _ in 0..<stop { _ = try stopped.advance() }
    let saved = try stopped.checkpoint().encoded()
    let resumed = try Trainer(
      resuming: GPTCheckpoint(decoding: saved, name: "saved"), data: TrainingFixture.data(), threadCount: 2)
    try resumed.run()
    let whole = try trainer(threadCount: 1, isTied: isTied)
    try whole.run()
    #expect(try resumed.checkpoint().encoded() == whole.checkpoint().encoded())
    // A header of two tables is as it was before there was a choice.
    #expect(String(decoding: saved.prefix(2000), as: UTF8.self).contains(#""tied":true"#) == isTied)
  }

  @Test(arguments: [false, true]) func repeatedTextIsLearned(isTied: Bool) throws {
    var settings = TrainingFixture.settings
    settings.stepCount = 250
    let trainer = try trainer(settings, threadCount: 2, isTied: isTied)
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
  @Test func layoutCoversAllParameters() throws {
    for name in GPTShape.presetNames {
      let shape = try #require(GPTShape.preset(name, window: 64))
      #expect(shape.isTied == name.hasSuffix("-tied") && shape.presetName == name)
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
