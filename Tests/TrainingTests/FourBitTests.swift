import Basics
import CAllocationCount
import Formats
import Foundation
import Model
import Networks
import Testing
import Training

/// A plain GPT whose matrices and tables are rounded to 4 bits in training.
@Suite("Training in 4 bits")
struct FourBitTests {
  static let shape = GPTTrainerTests.shape

  private static func settings(dither: TrainingSettings.Dither? = nil) -> TrainingSettings {
    var settings = TrainingFixture.settings
    settings.weights = .fourBit
    settings.dither = dither
    return settings
  }

  private func trainer(_ settings: TrainingSettings, threadCount: Int = 1) throws -> Trainer<GPTShape> {
    try Trainer(shape: Self.shape, settings: settings, data: try TrainingFixture.data(), threadCount: threadCount)
  }

  @Test("the same bytes on any number of threads, and across a stop", arguments: [nil, 0.5] as [Float?])
  func sameBytes(dither: Float?) throws {
    let settings = Self.settings(dither: dither.map { TrainingSettings.Dither(width: $0, end: 1) })
    let whole = try trainer(settings, threadCount: 2)
    try whole.run()
    let stopped = try trainer(settings)
    for _ in 0..<5 { _ = try stopped.advance() }
    let saved = try GPTCheckpoint(decoding: stopped.checkpoint().encoded(), name: "saved")
    let resumed = try Trainer(resuming: saved, data: TrainingFixture.data(), threadCount: 1)
    try resumed.run()
    #expect(try resumed.checkpoint().encoded() == whole.checkpoint().encoded())
  }

  @Test("what is measured is the checkpoint's weights, and these are codes, without noise")
  func weights() throws {
    let trainer = try trainer(Self.settings(dither: TrainingSettings.Dither(width: 1, end: 1)))
    for _ in 0..<6 { _ = try trainer.advance() }
    let checkpoint = trainer.checkpoint()
    let layout = checkpoint.layout
    for tensor in layout.tensors {
      let (rounded, source) = (checkpoint.weights[tensor.range], checkpoint.parameters[tensor.range])
      if tensor.rowCount == 1 {
        #expect(rounded == source)
      } else {
        for row in 0..<tensor.rowCount {
          let start = tensor.offset + row * tensor.columnCount
          #expect(Set(checkpoint.weights[start..<start + tensor.columnCount].map { $0 == 0 ? 0 : $0 }).count <= 15)
        }
      }
    }
    var asFloats = checkpoint
    asFloats.settings.weights = nil
    asFloats.settings.dither = nil
    asFloats.parameters = checkpoint.weights
    let floats = try Trainer(resuming: asFloats, data: TrainingFixture.data(), threadCount: 1)
    #expect(try floats.heldOutWindowNats() == trainer.heldOutWindowNats())
    asFloats.parameters = checkpoint.parameters
    let unrounded = try Trainer(resuming: asFloats, data: TrainingFixture.data(), threadCount: 1)
    #expect(try unrounded.heldOutWindowNats() != trainer.heldOutWindowNats())
  }

  @Test("repeated text is learned") func learns() throws {
    var settings = Self.settings()
    settings.stepCount = 250
    let trainer = try trainer(settings, threadCount: 2)
    try trainer.run()
    #expect(try trainer.heldOutBitsPerByte() < 1.2)
  }

  @Test("the setting is written only where it is used") func header() throws {
    let plain = try CanonicalJSON.text(TrainingFixture.settings)
    #expect(!plain.contains("weights"))
    #expect(try CanonicalJSON.text(Self.settings()).contains("\"weights\":\"4bit\""))
  }

  @Test("an atome model has weights of its own") func refusal() throws {
    #expect(throws: HintedError.self) {
      try Trainer(shape: AtomeShape.atome54K, settings: Self.settings(), data: TrainingFixture.data())
    }
  }

  @Test(.enabled(if: alambic_counts_allocations(), "allocations are counted on Linux with glibc only"))
  func stepAllocatesNothing() throws {
    let trainer = try trainer(Self.settings(dither: TrainingSettings.Dither(width: 0.3, end: 1)))
    for _ in 0..<2 { _ = try trainer.advance() }
    let before = alambic_allocation_count()
    for _ in 0..<5 { _ = try trainer.advance() }
    #expect(alambic_allocation_count() == before)
  }
}
