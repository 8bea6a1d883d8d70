import Basics
import CAllocationCount
import Formats
import Foundation
import Lineage
import Networks
import Testing
import Training

@Suite("Training on whole documents")
struct DocumentTrainerTests {
  private func finalBytes(_ settings: TrainingSettings = DocumentFixture.settings, threadCount: Int) throws -> [UInt8] {
    let trainer = try DocumentFixture.trainer(settings, threadCount: threadCount)
    try trainer.run()
    return try trainer.checkpoint().encoded()
  }

  @Test("Any number of threads leaves the same bytes", arguments: [2, 3, 5])
  func threads(count: Int) throws {
    #expect(try finalBytes(threadCount: count) == finalBytes(threadCount: 1))
  }

  @Test("A run that is resumed at any step leaves the same bytes", arguments: 0...12)
  func resumed(stop: Int) throws {
    let stopped = try DocumentFixture.trainer()
    for _ in 0..<stop { _ = try stopped.advance() }
    let saved = try stopped.checkpoint().encoded()
    let resumed = try Trainer(
      resuming: Checkpoint(decoding: saved, name: "saved"), data: DocumentFixture.data(), threadCount: 2)
    try resumed.run()
    #expect(try resumed.checkpoint().encoded() == finalBytes(threadCount: 1))
  }

  @Test("GPTs train on documents, with the same bytes on any number of threads")
  func gpt() throws {
    func bytes(threadCount: Int) throws -> [UInt8] {
      let trainer = try Trainer(
        shape: GPTTrainerTests.shape, settings: DocumentFixture.settings, data: DocumentFixture.data(),
        threadCount: threadCount)
      try trainer.run()
      return try trainer.checkpoint().encoded()
    }
    #expect(try bytes(threadCount: 3) == bytes(threadCount: 1))
  }

  @Test("A prompt's weight and a limit of repeats change what is learned")
  func settings() throws {
    let given = try finalBytes(threadCount: 1)
    for change: (inout TrainingSettings) -> Void in [{ $0.promptWeight = nil }, { $0.repeatLimit = nil }] {
      var settings = DocumentFixture.settings
      change(&settings)
      #expect(try finalBytes(settings, threadCount: 1) != given)
    }
  }

  @Test("Without a prompt's weight nothing but replies is learned, and a batch without replies has no gradient")
  func promptsThatWeighNothing() throws {
    var settings = DocumentFixture.settings
    settings.promptWeight = 0
    settings.weightDecay = 0
    settings.batchCount = 1
    settings.muon = nil
    let list = try DocumentList([TokenDocument(tokens: Array(repeating: 65, count: 60), replyStart: 60)])
    let data = try TrainingData(train: list, heldOut: list, window: settings.windowTokenCount)
    let trainer = try Trainer(shape: TrainingFixture.shape, settings: settings, data: data)
    let metrics = try (0..<3).map { _ in try trainer.advance() }
    // Of the document's three windows only the last one, with its end, has a gradient.
    #expect(metrics.count { $0.gradientNorm > 0 } == 1)
    #expect(metrics.allSatisfy { $0.bitsPerByte > 0 })
  }

  @Test("Held-out loss is said on all and on replies, and per document")
  func heldOut() throws {
    var settings = DocumentFixture.settings
    settings.stepCount = 400
    let trainer = try DocumentFixture.trainer(settings)
    let before = try trainer.heldOutLoss()
    #expect(before.bitsPerByte > 6 && before.replyBitsPerByte.map { $0 > 6 } == true)
    try trainer.run()
    let after = try trainer.heldOutLoss()
    #expect(after.bitsPerByte < before.bitsPerByte)
    let nats = try trainer.heldOutWindowNats()
    #expect(nats.count == 3)
    // All tokens but each document's first, and its end.
    let byteCount = ["> hot\n< No.", "> much warmer now please\n< Fine, 22.", "none"].reduce(0) { $0 + $1.utf8.count }
    #expect(abs(nats.reduce(0, +) / Double(byteCount) / log(2) - after.bitsPerByte) < 1e-9)
  }

  @Test("Without replies there is no loss on replies")
  func noReplies() throws {
    let list = try DocumentFixture.list(reply: nil)
    let data = try TrainingData(train: list, heldOut: list, window: 24)
    let trainer = try Trainer(shape: TrainingFixture.shape, settings: DocumentFixture.settings, data: data)
    #expect(try trainer.heldOutLoss().replyBitsPerByte == nil)
  }

  @Test("Exchanges are learned by heart, reply first")
  func learned() throws {
    var settings = DocumentFixture.settings
    settings.stepCount = 600
    let list = try DocumentFixture.list()
    let data = try TrainingData(train: list, heldOut: list, window: settings.windowTokenCount)
    let trainer = try Trainer(shape: TrainingFixture.shape, settings: settings, data: data)
    try trainer.run()
    let loss = try trainer.heldOutLoss()
    #expect(loss.bitsPerByte < 3)
    #expect(try #require(loss.replyBitsPerByte) < loss.bitsPerByte)
  }

  @Test("A document without tokens is refused, whichever side it is on")
  func emptyDocuments() throws {
    for (train, heldOut) in [(["a b", ""], ["a b"]), (["a b"], ["a b", ""])] {
      #expect(throws: HintedError.self) {
        let data = try TrainingData(
          train: try DocumentFixture.list(train), heldOut: try DocumentFixture.list(heldOut),
          window: DocumentFixture.settings.windowTokenCount)
        _ = try Trainer(shape: TrainingFixture.shape, settings: DocumentFixture.settings, data: data).heldOutLoss()
      }
    }
  }

  @Test("Texts and documents are not taken for each other, and settings of documents are of documents")
  func mismatches() throws {
    #expect(throws: HintedError.self) {
      try Trainer(shape: TrainingFixture.shape, settings: TrainingFixture.settings, data: DocumentFixture.data())
    }
    #expect(throws: HintedError.self) {
      try Trainer(shape: TrainingFixture.shape, settings: DocumentFixture.settings, data: TrainingFixture.data())
    }
    let list = try DocumentFixture.list()
    #expect(throws: HintedError.self) { try TrainingData(train: list, heldOut: DocumentList([]), window: 24) }
    for change: (inout TrainingSettings) -> Void in [
      { $0.windows = .anywhere }, { $0.promptWeight = 1.5 }, { $0.repeatLimit = 0 }, { $0.promptWeight = -.nan },
    ] {
      var wrong = DocumentFixture.settings
      change(&wrong)
      #expect(throws: HintedError.self) { try wrong.validate() }
    }
  }

  /// Forty draws are more than one epoch.
  @Test(
    "A step on documents allocates nothing",
    .enabled(if: alambic_counts_allocations(), "allocations are counted on Linux with glibc only"))
  func stepAllocatesNothing() throws {
    let trainer = try DocumentFixture.trainer()
    for _ in 0..<4 { _ = try trainer.advance() }
    let before = alambic_allocation_count()
    for _ in 0..<8 { _ = try trainer.advance() }
    #expect(alambic_allocation_count() - before == 0)
  }
}
