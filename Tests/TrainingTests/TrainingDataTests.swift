import Basics
import Formats
import Testing
import Training

@Suite struct TrainingDataTests {
  @Test func lastTenthIsHeldOutAndPartialWindowDropped() throws {
    let text = (0..<213).map { UInt8($0) }
    let data = try TrainingData(text: text, window: 10)
    #expect(data.train == Array(text[0..<180]))
    #expect(data.heldOut == Array(text[180..<210]))
    #expect(data.trainWindowCount == 18)
    #expect(data.heldOutWindowCount == 3)
  }

  @Test func identityNamesBothPartsAndTheWindow() throws {
    let (a, b) = (Array("aaaaaaaaaa".utf8), Array("bbbbbbbbbb".utf8))
    let id = try TrainingData(train: a, heldOut: b, window: 5).id
    #expect(try TrainingData(train: a, heldOut: b, window: 5).id == id)
    #expect(try TrainingData(train: b, heldOut: a, window: 5).id != id)
    #expect(try TrainingData(train: a, heldOut: b, window: 2).id != id)
  }

  @Test(arguments: [(0, 8), (9, 8), (100, 1), (100, 101)])
  func textWithoutWindowsIsRefused(byteCount: Int, window: Int) {
    #expect(throws: HintedError.self) {
      try TrainingData(text: Array(repeating: 65, count: byteCount), window: window)
    }
  }
}

@Suite struct TrainingSettingsTests {
  @Test func recipesAreValidAndFoundByName() throws {
    for recipe in TrainingSettings.recipes {
      try recipe.validate()
      #expect(try TrainingSettings.recipe(named: recipe.recipe) == recipe)
    }
    #expect(throws: HintedError.self) { try TrainingSettings.recipe(named: "nonesuch") }
  }

  @Test("the recipe adamw is the default without Muon, and its settings say so") func muonOff() throws {
    var settings = try TrainingSettings.recipe(named: "adamw")
    #expect(settings.muon == nil)
    #expect(try !String(decoding: CanonicalJSON.encode(settings), as: UTF8.self).contains("muon"))
    settings.muon = TrainingSettings.standard.muon
    settings.recipe = TrainingSettings.standard.recipe
    #expect(settings == .standard)
  }

  @Test func warmUpIsLinearAndCosineEndsAtZero() {
    var settings = TrainingSettings.standard
    settings.learningRate = 1
    settings.warmUpStepCount = 4
    settings.stepCount = 12
    #expect((1...4).map { settings.learningRate(atStep: $0) } == [0.25, 0.5, 0.75, 1])
    #expect(abs(settings.learningRate(atStep: 8) - 0.5) < 1e-6)
    #expect(settings.learningRate(atStep: 12) == 0)
    settings.schedule = .constant
    #expect(settings.learningRate(atStep: 12) == 1)
  }

  @Test func settingsOutsideTheirLimitsAreRefused() {
    var settings = TrainingSettings.published
    settings.windowTokenCount = 1
    #expect(throws: HintedError.self) { try settings.validate() }
    settings = .published
    settings.learningRate = .nan
    #expect(throws: HintedError.self) { try settings.validate() }
    settings = .published
    settings.clipNorm = 0
    #expect(throws: HintedError.self) { try settings.validate() }
  }
}
