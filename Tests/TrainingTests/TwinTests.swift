import Basics
import Formats
import Networks
import Testing
import Training

/// Students that learn from a twin of float weights.
@Suite("Training with a twin")
struct TwinTests {
  private static let shape = CompactShape(modelWidth: 8, layerCount: 1, stateWidth: 6, gateCount: 6, hiddenWidth: 8)

  private static func settings(share: Float? = 0.5) -> TrainingSettings {
    var settings = TrainingFixture.settings
    settings.scales = .mean
    settings.twinShare = share
    return settings
  }

  private static func finished<Shape: TrainableShape>(
    _ shape: Shape, _ settings: TrainingSettings, twin: TrainingCheckpoint<Shape>? = nil, threadCount: Int = 1
  ) throws -> TrainingCheckpoint<Shape> {
    let trainer = try Trainer(
      shape: shape, settings: settings, data: TrainingFixture.data(), twin: twin, threadCount: threadCount)
    try trainer.run()
    return trainer.checkpoint()
  }

  private static func twin<Shape: TrainableShape>(
    _ shape: Shape, _ settings: TrainingSettings
  ) throws -> TrainingCheckpoint<Shape> {
    try finished(shape, #require(settings.twin))
  }

  @Test("the same bytes on any number of threads, and across a stop")
  func sameBytes() throws {
    let settings = Self.settings()
    let twin = try Self.twin(Self.shape, settings)
    let whole = try Self.finished(Self.shape, settings, twin: twin, threadCount: 2)
    let stopped = try Trainer(
      shape: Self.shape, settings: settings, data: TrainingFixture.data(), twin: twin, threadCount: 1)
    for _ in 0..<5 { _ = try stopped.advance() }
    let saved = try TrainingCheckpoint<CompactShape>(decoding: stopped.checkpoint().encoded(), name: "saved")
    let resumed = try Trainer(resuming: saved, data: TrainingFixture.data(), twin: twin, threadCount: 1)
    try resumed.run()
    #expect(try resumed.checkpoint().encoded() == whole.encoded())
  }

  @Test("a share of nothing is a run without a twin, and a share is another run")
  func shares() throws {
    let alone = try Self.finished(Self.shape, Self.settings(share: nil))
    let twin = try Self.twin(Self.shape, Self.settings())
    #expect(
      try Self.finished(Self.shape, Self.settings(share: 0), twin: twin).parameters == alone.parameters)
    #expect(
      try Self.finished(Self.shape, Self.settings(share: 0.5), twin: twin).parameters != alone.parameters)
  }

  @Test("the twin is the same run without rounding, of every architecture")
  func floats() throws {
    let settings = Self.settings()
    #expect(settings.twin?.roundsWeights == false && settings.twin?.twinShare == nil)
    let twin = try Self.twin(Self.shape, settings)
    #expect(try twin.parameters != Self.finished(Self.shape, Self.settings(share: nil)).parameters)
    var gpt = Self.settings()
    gpt.weights = .fourBit
    #expect(gpt.twin?.weights == nil && gpt.twin?.ablation == nil)
    #expect(
      try Self.twin(GPTTrainerTests.shape, gpt).parameters
        != Self.finished(GPTTrainerTests.shape, gpt, twin: Self.twin(GPTTrainerTests.shape, gpt)).parameters)
    let atome = try Self.twin(TrainingFixture.shape, Self.settings())
    #expect(try Self.finished(TrainingFixture.shape, Self.settings(), twin: atome).step == 12)
  }

  @Test("only the run's own twin teaches it")
  func strangers() throws {
    let settings = Self.settings()
    let twin = try Self.twin(Self.shape, settings)
    let changes: [(inout TrainingCheckpoint<CompactShape>) -> Void] = [
      { $0.step -= 1 }, { $0.settings.seed += 1 }, { $0.settings.ablation = nil }, { $0.dataID = ContentID(of: [1]) },
      { $0.shape.passCount = 2 },
    ]
    for change in changes {
      var other = twin
      change(&other)
      #expect(throws: HintedError.self) { try Self.finished(Self.shape, settings, twin: other) }
    }
    #expect(throws: HintedError.self) { try Self.finished(Self.shape, settings) }
  }

  @Test("what needs no twin is refused one, and no engine runs a twin")
  func refusals() throws {
    var floats = Self.settings()
    floats.ablation = TrainingSettings.Ablation(floatWeights: true)
    #expect(throws: HintedError.self) { try floats.validate() }
    #expect(throws: HintedError.self) { try Self.settings(share: 1.5).validate() }
    #expect(throws: HintedError.self) { try Self.finished(GPTTrainerTests.shape, Self.settings()) }
    #expect(throws: HintedError.self) { try Self.twin(Self.shape, Self.settings()).checkWhole() }
    try Self.finished(Self.shape, Self.settings(share: nil)).checkWhole()
  }
}
