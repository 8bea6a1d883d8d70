import Basics
import Formats
import Kernels
import Model
import Networks
import Testing
import Training

/// Training with noise on the rounding, and ternary tensors that come to rest before the others.
@Suite struct DitherTests {
  private var settings: TrainingSettings {
    var settings = TrainingFixture.settings
    settings.stepCount = 40
    settings.dither = TrainingSettings.Dither(width: 0.6, end: 0.5)
    settings.ternaryEnd = 0.7
    settings.muon?.ternaryWeightDecay = 0.4
    return settings
  }

  private func trainer(_ settings: TrainingSettings, threadCount: Int = 1) throws -> Trainer<AtomeShape> {
    try Trainer(
      shape: TrainingFixture.shape, settings: settings, data: try TrainingFixture.data(), threadCount: threadCount)
  }

  private func finalBytes(_ settings: TrainingSettings, threadCount: Int = 1) throws -> [UInt8] {
    let trainer = try trainer(settings, threadCount: threadCount)
    try trainer.run()
    return try trainer.checkpoint().encoded()
  }

  @Test("Threads, stops and evaluations between steps leave the same bytes")
  func determinism() throws {
    let whole = try finalBytes(settings)
    #expect(try finalBytes(settings, threadCount: 3) == whole)
    let first = try trainer(settings)
    for _ in 0..<13 {
      _ = try first.advance()
      _ = try first.heldOutBitsPerByte()
    }
    let saved = try first.checkpoint().encoded()
    let second = try Trainer(
      resuming: Checkpoint(decoding: saved, name: "saved"), data: TrainingFixture.data(), threadCount: 2)
    try second.run()
    #expect(try second.checkpoint().encoded() == whole)
  }

  @Test("Noise changes the run, and held-out text is measured without it")
  func evaluation() throws {
    var plain = settings
    plain.dither = nil
    #expect(try finalBytes(settings) != finalBytes(plain))
    let trainer = try trainer(settings)
    for _ in 0..<10 { _ = try trainer.advance() }
    var resting = trainer.checkpoint()
    resting.settings.dither = nil
    let exact = try Trainer(resuming: resting, data: TrainingFixture.data(), threadCount: 1)
    #expect(try trainer.heldOutBitsPerByte() == exact.heldOutBitsPerByte())
  }

  @Test("Ternary tensors rest after their part of the steps; the others go on", arguments: [true, false])
  func rest(usesMuon: Bool) throws {
    var settings = settings
    if !usesMuon { settings.muon = nil }
    let trainer = try trainer(settings)
    for _ in 0..<28 { _ = try trainer.advance() }
    let before = trainer.checkpoint()
    for _ in 28..<40 { _ = try trainer.advance() }
    let after = trainer.checkpoint()
    for tensor in before.layout.tensors {
      #expect((before.values(of: tensor) == after.values(of: tensor)) == tensor.isTernary, "\(tensor.name)")
    }
  }

  @Test("What is meant for trits does nothing to float weights")
  func floatWeights() throws {
    var (plain, dithered) = (TrainingFixture.settings, settings)
    plain.stepCount = dithered.stepCount
    plain.ablation = .init(floatWeights: true)
    dithered.ablation = plain.ablation
    let (first, second) = (try trainer(plain), try trainer(dithered))
    try first.run()
    try second.run()
    #expect(first.checkpoint().parameters == second.checkpoint().parameters)
  }

  @Test("Settings without these keys are as before, and limits hold")
  func settingsAndLimits() throws {
    let text = try CanonicalJSON.encode(TrainingFixture.settings)
    #expect(!String(decoding: text, as: UTF8.self).contains("dither"))
    #expect(try CanonicalJSON.decode(TrainingSettings.self, from: text) == TrainingFixture.settings)
    #expect(try CanonicalJSON.decode(TrainingSettings.self, from: CanonicalJSON.encode(settings)) == settings)
    for change: (inout TrainingSettings) -> Void in [
      { $0.dither?.width = 3 }, { $0.dither?.end = 0 }, { $0.ternaryEnd = 1.5 }, { $0.muon?.ternaryWeightDecay = -1 },
    ] {
      var wrong = settings
      change(&wrong)
      #expect(throws: HintedError.self) { try wrong.validate() }
    }
  }
}
