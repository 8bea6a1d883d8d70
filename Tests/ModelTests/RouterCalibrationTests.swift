import Basics
import Foundation
import Lineage
import Model
import TestSupport
import Testing

@Suite("Calibration of router entropy")
struct RouterCalibrationTests {
  private static func ones(_ count: Int) -> [Int] { [Int](repeating: 1, count: count) }

  @Test("entropy of three weights")
  func entropy() {
    #expect(normalisedEntropy([1, 0, 0]) == 0)
    #expect(abs(normalisedEntropy([0.25, 0.25, 0.25]) - 1) < 1e-12)
    // scipy.stats.entropy([0.5, 0.25, 0.25]) / log(3)
    #expect(abs(normalisedEntropy([0.5, 0.25, 0.25]) - 0.946_394_630_357_186) < 1e-12)
  }

  @Test("correlations are SciPy's, ties included")
  func correlations() {
    let (x, y) = ([1.0, 2, 2, 5, 7, 3], [2.0, 1, 4, 4, 9, 4])
    #expect(abs(pearsonCorrelation(x, y, weights: Self.ones(6)) - 0.870_213_461_251_918_6) < 1e-12)
    #expect(abs(spearmanCorrelation(x, y) - 0.800_853_434_723_806_7) < 1e-12)
    #expect(pearsonCorrelation([1, 1], [1, 2], weights: [1, 1]).isNaN)
  }

  @Test("a weight is the point again, so many times")
  func weights() {
    let (x, y, weights) = ([0.1, 0.5, 0.3, 0.9], [1.0, 0, 2, 1], [2, 0, 3, 1])
    let again = x.indices.flatMap { [Int](repeating: $0, count: weights[$0]) }
    let (longX, longY) = (again.map { x[$0] }, again.map { y[$0] })
    let plain = Self.ones(again.count)
    #expect(
      abs(pearsonCorrelation(x, y, weights: weights) - pearsonCorrelation(longX, longY, weights: plain)) < 1e-12)
    let (correct, longCorrect) = (y.map { $0 > 0 }, longY.map { $0 > 0 })
    #expect(
      abs(
        RiskCoverage(scores: x, correct: correct).area(weights)
          - RiskCoverage(scores: longX, correct: longCorrect).area(plain)) < 1e-12)
    #expect(
      abs(
        expectedCalibrationError(confidences: x, correct: correct, weights: weights)
          - expectedCalibrationError(confidences: longX, correct: longCorrect, weights: plain)) < 1e-12)
  }

  @Test("the expected calibration error, by hand")
  func calibrationError() {
    // Two bins of two: accuracies 1/2 and 1, mean confidences 0.3 and 0.8.
    let error = expectedCalibrationError(
      confidences: [0.2, 0.4, 0.7, 0.9], correct: [true, false, true, true], weights: Self.ones(4), binCount: 2)
    #expect(abs(error - (0.5 * 0.2 + 0.5 * 0.2)) < 1e-12)
    #expect(expectedCalibrationError(confidences: [1, 1], correct: [true, true], weights: [1, 1]) == 0)
  }

  @Test("the area under the risk–coverage curve, by hand, and with ties")
  func riskCoverage() {
    // Risks 0/1, 1/2, 1/3, 2/4.
    let area = RiskCoverage(scores: [0.9, 0.8, 0.7, 0.1], correct: [true, false, true, false]).area(Self.ones(4))
    #expect(abs(area - (0 + 0.5 + 1.0 / 3 + 0.5) / 4) < 1e-12)
    // A score that knows nothing has the error rate.
    let constant = RiskCoverage(scores: [1, 1, 1, 1], correct: [true, false, true, true]).area(Self.ones(4))
    #expect(abs(constant - 0.25) < 1e-12)
  }

  @Test("monotone bins rise with the score, and keep the mean accuracy")
  func monotone() {
    var generator = SeededGenerator(seed: 6)
    let scores = (0..<3000).map { _ in (generator.unit() * 50).rounded() / 50 }
    let correct = scores.map { generator.unit() < $0 * $0 }
    let bins = MonotoneBins(scores: scores, correct: correct)
    let values = (0...50).map { bins(Double($0) / 50) }
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(values[0] < 0.1 && values[50] > 0.85)
    let falling = MonotoneBins(scores: [0, 1, 2, 3], correct: [true, true, false, false], binCount: 4)
    #expect([0.0, 1.5, 9].map { falling($0) } == [0.5, 0.5, 0.5])
  }

  @Test("an interval needs 30 windows", arguments: [1, 29, 30])
  func shortage(windows: Int) {
    var generator = SeededGenerator(seed: 3)
    let predictions = (0..<windows).flatMap { window in
      (0..<20).map { _ in
        BytePrediction(
          window: window, loss: generator.unit(), routerEntropy: generator.unit(), confidence: generator.unit(),
          isCorrect: generator.unit() < 0.5)
      }
    }
    let figures = RouterCalibration(
      predictions, fitted: FittedScores(predictions), BootstrapSettings(resamples: 20, seed: 1))
    #expect((figures.shortage == nil) == (windows == 30) && (figures.bitsPerByte.interval != nil) == (windows == 30))
    #expect(figures.shortage.map { $0 == Shortage(unit: .windows, count: windows, minimum: 30) } ?? true)
  }

  @Test("a score that is the truth beats one that is noise, and the intervals say so")
  func figures() {
    var generator = SeededGenerator(seed: 2)
    let predictions = (0..<200).flatMap { window in
      (0..<20).map { _ in
        let confidence = 0.1 + 0.8 * generator.unit()
        return BytePrediction(
          window: window, loss: -log2(confidence), routerEntropy: generator.unit(), confidence: confidence,
          isCorrect: generator.unit() < confidence)
      }
    }
    let figures = RouterCalibration(
      predictions, fitted: FittedScores(predictions), BootstrapSettings(resamples: 200, seed: 1))
    #expect(figures.byteCount == 4000 && figures.windowCount == 200)
    #expect(figures.softmaxSpearman.value > 0.999 && abs(figures.spearman.value) < 0.05)
    #expect(figures.softmaxCalibrationError.value < 0.04)
    #expect((figures.riskAreaDifference.interval?.lower ?? -1) > 0)
    #expect(
      abs(figures.riskAreaDifference.value - (figures.routerRiskArea.value - figures.softmaxRiskArea.value)) < 1e-12)
    let gain = figures.routerGain.interval ?? ConfidenceInterval(lower: 1, upper: 1)
    #expect(gain.lower < 0.01 && gain.upper > -0.02)
  }

  @Test("separation of two lists")
  func separation() {
    #expect(areaUnderROC(negatives: [1, 2], positives: [3, 4]) == 1)
    #expect(areaUnderROC(negatives: [1, 3], positives: [3, 0]) == 0.375)
  }

  @Test("predictions are what the evaluation sums, for any number of threads, in both arithmetics")
  func predictions() async throws {
    let model = RandomModel.make(seed: 9, shape: RandomModel.small)
    let data = (0..<300).map { UInt8(truncatingIfNeeded: $0 * 7) }
    let one = try await BytePrediction.all(of: data, window: 16, threadCount: 1) {
      try ReferenceEngine(model: model, contextLength: 16)
    }
    let three = try await BytePrediction.all(of: data, window: 16, threadCount: 3) {
      try ReferenceEngine(model: model, contextLength: 16)
    }
    #expect(one == three)
    let evaluation = try await BitsPerByte.evaluate(tokens: data, window: 16) {
      try ReferenceEngine(model: model, contextLength: 16)
    }
    #expect(one.count == evaluation.byteCount)
    #expect(abs(one.reduce(0) { $0 + $1.loss } / Double(one.count) - evaluation.bitsPerByte) < 1e-9)
    #expect(one.allSatisfy { (0...1).contains($0.routerEntropy) && (1.0 / 256...1).contains($0.confidence) })
  }
}
