import Foundation

/// A figure, and where a bootstrap over windows puts it.
public struct Estimate: Hashable, Codable, Sendable {
  public var value: Double
  /// Nil, in JSON null, where the figure has none in any sample, and where there are too few windows.
  public var interval: ConfidenceInterval?

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(value, forKey: .value)
    try container.encode(interval, forKey: .interval)
  }
}

/// What router entropy says of a text's predictions, beside what the softmax says.
///
/// Every interval is a percentile bootstrap over windows; the same samples serve all figures, so a difference's
/// interval is that of the paired difference.
public struct RouterCalibration: Hashable, Codable, Sendable {
  public var byteCount: Int
  public var windowCount: Int
  /// Too few windows for intervals, of which there is then none.
  public var shortage: Shortage?
  public var bitsPerByte: Estimate
  /// The share of bytes that were not the most probable one.
  public var errorRate: Estimate
  public var meanRouterEntropy: Estimate
  public var meanConfidence: Estimate
  /// Of router entropy with the loss in bits.
  public var pearson: Estimate
  public var spearman: Estimate
  /// Of 1 - the softmax's confidence with the loss, for comparison.
  public var softmaxPearson: Estimate
  public var softmaxSpearman: Estimate
  /// Expected calibration errors, of 15 bins: the softmax as it is, and both scores after monotone binning.
  public var softmaxCalibrationError: Estimate
  public var binnedSoftmaxCalibrationError: Estimate
  public var binnedRouterCalibrationError: Estimate
  /// Areas under risk–coverage curves; a score that knows nothing has the error rate.
  public var softmaxRiskArea: Estimate
  public var routerRiskArea: Estimate
  /// The router's area minus the softmax's.
  public var riskAreaDifference: Estimate
  /// The error rate minus the router's area: what router entropy is worth at all.
  public var routerGain: Estimate
}

/// How the intervals are drawn.
public struct BootstrapSettings: Hashable, Codable, Sendable {
  public var resamples: Int
  public var seed: UInt64
  public var confidence: Double

  public init(resamples: Int = 1000, seed: UInt64 = 0, confidence: Double = 0.95) {
    self.resamples = resamples
    self.seed = seed
    self.confidence = confidence
  }
}

/// The two scores as probabilities of being right, fitted on one text.
public struct FittedScores: Sendable {
  let router: MonotoneBins
  let softmax: MonotoneBins

  /// - Parameter predictions: of the windows that figures do not count.
  public init(_ predictions: [BytePrediction]) {
    let correct = predictions.map(\.isCorrect)
    router = MonotoneBins(scores: predictions.map { 1 - $0.routerEntropy }, correct: correct)
    softmax = MonotoneBins(scores: predictions.map(\.confidence), correct: correct)
  }
}

extension RouterCalibration {
  /// - Parameters:
  ///   - predictions: at least one.
  ///   - fitted: on other windows, best of the same kind of text.
  public init(_ predictions: [BytePrediction], fitted: FittedScores, _ settings: BootstrapSettings) {
    let sampled = SampledWindows(predictions, settings)
    let correct = predictions.map(\.isCorrect)
    let (losses, entropies) = (predictions.map(\.loss), predictions.map(\.routerEntropy))
    let (confidences, doubts) = (predictions.map(\.confidence), predictions.map { 1 - $0.confidence })
    let (lossOrder, entropyOrder, doubtOrder) = (
      WeightedPoints(losses), WeightedPoints(entropies), WeightedPoints(doubts)
    )
    let routerCurve = RiskCoverage(scores: predictions.map { 1 - $0.routerEntropy }, correct: correct)
    let softmaxCurve = RiskCoverage(scores: confidences, correct: correct)
    let binnedRouter = predictions.map { fitted.router(1 - $0.routerEntropy) }
    let binnedSoftmax = predictions.map { fitted.softmax($0.confidence) }
    let errors = correct.map { $0 ? 0.0 : 1.0 }

    byteCount = predictions.count
    windowCount = sampled.windowCount
    shortage = sampled.shortage
    bitsPerByte = sampled { weightedMean(losses, $0) }
    errorRate = sampled { weightedMean(errors, $0) }
    meanRouterEntropy = sampled { weightedMean(entropies, $0) }
    meanConfidence = sampled { weightedMean(confidences, $0) }
    pearson = sampled { pearsonCorrelation(entropies, losses, weights: $0) }
    softmaxPearson = sampled { pearsonCorrelation(doubts, losses, weights: $0) }
    spearman = sampled { pearsonCorrelation(entropyOrder.ranks($0), lossOrder.ranks($0), weights: $0) }
    softmaxSpearman = sampled { pearsonCorrelation(doubtOrder.ranks($0), lossOrder.ranks($0), weights: $0) }
    softmaxCalibrationError = sampled {
      expectedCalibrationError(confidences: confidences, correct: correct, weights: $0)
    }
    binnedSoftmaxCalibrationError = sampled {
      expectedCalibrationError(confidences: binnedSoftmax, correct: correct, weights: $0)
    }
    binnedRouterCalibrationError = sampled {
      expectedCalibrationError(confidences: binnedRouter, correct: correct, weights: $0)
    }
    softmaxRiskArea = sampled { softmaxCurve.area($0) }
    routerRiskArea = sampled { routerCurve.area($0) }
    riskAreaDifference = sampled { routerCurve.area($0) - softmaxCurve.area($0) }
    routerGain = sampled { weightedMean(errors, $0) - routerCurve.area($0) }
  }
}

/// A text's windows, drawn again and again; every draw becomes a weight for each prediction.
private struct SampledWindows {
  let windowCount: Int
  let shortage: Shortage?
  private let windows: [Int]
  private let settings: BootstrapSettings

  init(_ predictions: [BytePrediction], _ settings: BootstrapSettings) {
    let numbers = Dictionary(
      Set(predictions.map(\.window)).sorted().enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    windows = predictions.map { numbers[$0.window] ?? 0 }
    windowCount = numbers.count
    shortage = Shortage.of(windows: windowCount)
    self.settings = settings
  }

  /// A figure of all windows, and its interval.
  func callAsFunction(_ statistic: (_ weights: [Int]) -> Double) -> Estimate {
    let interval =
      shortage != nil
      ? nil
      : bootstrapInterval(
        count: windowCount, resamples: settings.resamples, seed: settings.seed, confidence: settings.confidence
      ) { sample in
        var counts = [Int](repeating: 0, count: windowCount)
        for window in sample { counts[window] += 1 }
        return statistic(windows.map { counts[$0] })
      }
    let value = statistic([Int](repeating: 1, count: windows.count))
    return Estimate(value: value.isFinite ? value : 0, interval: interval)
  }
}

/// The mean of values, each counted `weights` times.
private func weightedMean(_ values: [Double], _ weights: [Int]) -> Double {
  var (sum, count) = (0.0, 0)
  for index in values.indices {
    sum += Double(weights[index]) * values[index]
    count += weights[index]
  }
  return sum / Double(count)
}
