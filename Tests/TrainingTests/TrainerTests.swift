import Basics
import Formats
import Kernels
import Networks
import Testing
import Training

@Suite struct TrainerTests {
  private func finalBytes(
    _ settings: TrainingSettings = TrainingFixture.settings, threadCount: Int, instructionSet: InstructionSet = .best
  ) throws -> [UInt8] {
    let trainer = try Trainer(
      shape: TrainingFixture.shape, settings: settings, data: try TrainingFixture.data(),
      threadCount: threadCount, instructionSet: instructionSet)
    try trainer.run()
    return try trainer.checkpoint().encoded()
  }

  @Test(arguments: [true, false]) func anyThreadCountGivesTheSameBytes(usesMuon: Bool) throws {
    var settings = TrainingFixture.settings
    if !usesMuon { settings.muon = nil }
    let one = try finalBytes(settings, threadCount: 1)
    #expect(try finalBytes(settings, threadCount: 2) == one)
    #expect(try finalBytes(settings, threadCount: 5) == one)
  }

  /// Recorded on x86-64 Linux with the pinned toolchain. A change here means that every checkpoint ever made differs
  /// from what the same recipe gives now: say so in the changelog.
  #if arch(x86_64) && os(Linux)
    @Test(arguments: InstructionSet.available, [1, 2])
    func checkpointHashIsAsRecorded(instructionSet: InstructionSet, threadCount: Int) throws {
      let recorded: [InstructionSet: String] = [
        .baseline: "7ed7b44ddd8d635e527178ef9e02c06b4dc8c54b3a4e0c71b5007eadb846414b",
        .avx2: "00950ce033997455624c4f49a3f4a802275598c77a91bd7cbe214e8428e591c8",
        .avx512: "036e453cbc949e154e7b6b24768bf383a07b92fd1a6a9b86b60b5caab3179c29",
      ]
      let id = ContentID(of: try finalBytes(threadCount: threadCount, instructionSet: instructionSet))
      #expect(id.hex == recorded[instructionSet])
    }
  #endif

  @Test(arguments: [0, 1, 7, 11]) func resumedRunGivesTheSameBytes(stop: Int) throws {
    let saved = try TrainingFixture.checkpoint(steps: stop).encoded()
    let resumed = try Trainer(
      resuming: Checkpoint(decoding: saved, name: "saved"), data: TrainingFixture.data(), threadCount: 2)
    #expect(resumed.step == stop)
    try resumed.run()
    #expect(try resumed.checkpoint().encoded() == finalBytes(threadCount: 1))
  }

  @Test func floatWeightsFitTheTextBetterThanTrits() throws {
    var settings = TrainingFixture.settings
    settings.stepCount = 60
    func bits(_ ablation: TrainingSettings.Ablation?) throws -> Double {
      settings.ablation = ablation
      let trainer = try Trainer(shape: TrainingFixture.shape, settings: settings, data: try TrainingFixture.data())
      try trainer.run()
      return try trainer.heldOutBitsPerByte()
    }
    #expect(try bits(.init(floatWeights: true)) < bits(nil))
    #expect(throws: HintedError.self) { try bits(.init(withoutPathways: Pathway.allCases)) }
  }

  @Test("scales move where they are learned, and nowhere else", arguments: TrainingSettings.Scales.allCases)
  func scales(kind: TrainingSettings.Scales) throws {
    var settings = TrainingFixture.settings
    settings.scales = kind
    let trainer = try Trainer(
      shape: TrainingFixture.shape, settings: settings, data: try TrainingFixture.data(), threadCount: 1)
    for _ in 0..<3 { _ = try trainer.advance() }
    let checkpoint = trainer.checkpoint()
    let moved = checkpoint.values(of: checkpoint.layout.scales).map { $0 != 0 }
    #expect(moved == moved.map { _ in kind == .learned })
  }

  /// Aligned windows of this text all begin with an A, so none of them ever asks for one.
  @Test("windows that begin anywhere teach what aligned ones never ask for")
  func windows() throws {
    let text = Array(String(repeating: "ABCDEFGHIJKLMNOPQRSTUVWX", count: 40).utf8)
    let data = try TrainingData(train: text, heldOut: Array(text.dropFirst(12)), window: 24)
    func bits(_ windows: TrainingSettings.Windows?) throws -> Double {
      var settings = TrainingFixture.settings
      settings.stepCount = 80
      settings.windows = windows
      let trainer = try Trainer(shape: TrainingFixture.shape, settings: settings, data: data)
      try trainer.run()
      return try trainer.heldOutBitsPerByte()
    }
    let aligned = try bits(.aligned)
    #expect(try bits(nil) == aligned)
    #expect(try bits(.anywhere) < 0.7 * aligned)
  }

  @Test func otherSeedGivesOtherParameters() throws {
    var settings = TrainingFixture.settings
    settings.seed = 1
    let trainer = try Trainer(shape: TrainingFixture.shape, settings: settings, data: TrainingFixture.data())
    #expect(trainer.checkpoint().parameters != (try TrainingFixture.checkpoint(steps: 0)).parameters)
  }

  @Test func resumingWithOtherDataIsRefused() throws {
    let checkpoint = try TrainingFixture.checkpoint(steps: 1)
    let other = try TrainingData(text: Array(repeating: 65, count: 2000), window: 24)
    #expect(throws: HintedError.self) { try Trainer(resuming: checkpoint, data: other) }
  }

  @Test func repeatedTextIsLearned() throws {
    var settings = TrainingFixture.settings
    settings.stepCount = 250
    let trainer = try Trainer(shape: TrainingFixture.shape, settings: settings, data: TrainingFixture.data())
    let before = try trainer.heldOutBitsPerByte()
    try trainer.run()
    let after = try trainer.heldOutBitsPerByte()
    // An untrained model knows nothing of 256 bytes; the sentence repeats, so it can be known almost by heart.
    #expect(before > 7)
    #expect(after < 1.5)
  }

  @Test func metricsArriveInOrderWithEvaluations() throws {
    let trainer = try Trainer(
      shape: TrainingFixture.shape, settings: TrainingFixture.settings, data: TrainingFixture.data())
    var steps: [StepMetrics] = []
    try trainer.run { steps.append($0) }
    #expect(steps.map(\.step) == Array(1...12))
    #expect(steps.filter { $0.heldOutBitsPerByte != nil }.map(\.step) == [5, 10, 12])
    #expect(steps.allSatisfy { $0.bytesPerSecond > 0 && $0.gradientNorm > 0 && $0.stepCount == 12 })
    #expect(steps.last?.learningRate == 0)
  }

  @Test func cancellationStopsBetweenSteps() async throws {
    let task = Task {
      let trainer = try Trainer(
        shape: TrainingFixture.shape, settings: TrainingFixture.settings, data: TrainingFixture.data())
      do {
        try trainer.run { metrics in
          if metrics.step == 4 { withUnsafeCurrentTask { $0?.cancel() } }
        }
        return -1
      } catch is CancellationError {
        return trainer.step
      }
    }
    #expect(try await task.value == 4)
  }

  @Test func absurdLearningRateIsReportedAsDivergence() throws {
    var settings = TrainingFixture.settings
    settings.learningRate = 10
    settings.weightDecay = 10
    settings.clipNorm = nil
    settings.stepCount = 500
    settings.schedule = .constant
    let trainer = try Trainer(shape: TrainingFixture.shape, settings: settings, data: TrainingFixture.data())
    #expect { try trainer.run() } throws: { error in
      (error as? HintedError)?.message.contains("diverged") == true
    }
  }

  @Test func dataOfAnotherWindowIsRefused() throws {
    let data = try TrainingData(text: Array(repeating: 65, count: 2000), window: 25)
    #expect(throws: HintedError.self) {
      try Trainer(shape: TrainingFixture.shape, settings: TrainingFixture.settings, data: data)
    }
  }
}
