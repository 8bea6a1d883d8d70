import Basics
import Formats
import Training

/// Learning rates as multiples of the recipe's.
struct RateFactors: Codable, Hashable, Sendable {
  /// Of AdamW.
  var adam: Float = 1
  /// Of Muon, where the recipe has it.
  var muon: Float = 1

  func applied(to settings: TrainingSettings) -> TrainingSettings {
    var settings = settings
    settings.learningRate *= adam
    settings.muon?.learningRate *= muon
    return settings
  }
}

/// Finds a shape's own learning rates on the validation windows: AdamW's factor first, then Muon's, each from a grid of
/// powers of two that is extended while its best value is at an end. The test is never looked at.
struct RateSearch: Sendable {
  /// One trial of a search.
  struct Trial: Codable, Hashable, Sendable {
    var factors: RateFactors
    var bitsPerByte: Double
  }

  /// What a search found.
  struct Outcome: Codable, Sendable {
    var shape: String
    var learningRate: Float
    var muonLearningRate: Float?
    var trials: [Trial]
  }

  /// A seed that no reported training has.
  static let seed: UInt64 = 1000
  static let grid: [Float] = [0.25, 0.5, 1, 2, 4]
  /// How often a grid may grow.
  static let extensionLimit = 3

  var settings: TrainingSettings
  /// Measured on what is neither trained on nor tested.
  var data: TrainingData
  var runner: JobRunner

  /// The factors of each shape; all shapes' trials of a phase are trained side by side.
  func factors(of shapes: [StudentShape]) async throws -> [StudentShape: (RateFactors, Outcome)] {
    var found: [StudentShape: RateFactors] = [:]
    var trials: [StudentShape: [Trial]] = [:]
    for path in [\RateFactors.adam, \RateFactors.muon] where path == \.adam || settings.muon != nil {
      var open = shapes.map { ($0, Self.grid) }
      for _ in 0...Self.extensionLimit {
        try await add(open, along: path, found, to: &trials)
        open = shapes.compactMap { shape in Self.extended(trials[shape] ?? [], along: path).map { (shape, [$0]) } }
        if open.isEmpty { break }
      }
      for shape in shapes { found[shape] = Self.best(trials[shape] ?? [])?.factors }
    }
    return Dictionary(
      uniqueKeysWithValues: shapes.map { shape in
        let factors = found[shape] ?? RateFactors()
        let tuned = factors.applied(to: settings)
        return (
          shape,
          (
            factors,
            Outcome(
              shape: shape.text, learningRate: tuned.learningRate, muonLearningRate: tuned.muon?.learningRate,
              trials: trials[shape] ?? [])
          )
        )
      })
  }

  private func add(
    _ open: [(StudentShape, [Float])], along path: WritableKeyPath<RateFactors, Float>,
    _ found: [StudentShape: RateFactors], to trials: inout [StudentShape: [Trial]]
  ) async throws {
    let asked = open.flatMap { shape, values in
      values.map { value in
        var factors = found[shape] ?? RateFactors()
        factors[keyPath: path] = value
        return (shape: shape, factors: factors)
      }
    }.filter { ask in !(trials[ask.shape] ?? []).contains { $0.factors == ask.factors } }
    let jobs = asked.map { ask in
      var settings = ask.factors.applied(to: settings)
      settings.seed = Self.seed
      return TrainingJob(shape: ask.shape, settings: settings, data: data, mayDiverge: true)
    }
    let results = try await runner.results(of: jobs, phase: "tuning")
    let byteCount = try data.heldOutByteCounts().reduce(0, +)
    for (ask, result) in zip(asked, results) {
      let bits = bitsPerByte(result.trainedWindowNats, byteCount: byteCount)
      trials[ask.shape, default: []].append(Trial(factors: ask.factors, bitsPerByte: bits))
    }
  }

  static func best(_ trials: [Trial]) -> Trial? { trials.min { $0.bitsPerByte < $1.bitsPerByte } }

  /// The next value beyond the end of the grid at which the best trial lies; nil where it lies inside.
  static func extended(_ trials: [Trial], along path: KeyPath<RateFactors, Float>) -> Float? {
    guard let best = best(trials) else { return nil }
    let values = trials.map { $0.factors[keyPath: path] }
    let value = best.factors[keyPath: path]
    if value == values.min() { return value / 2 }
    return value == values.max() ? value * 2 : nil
  }
}

/// Of the held-out windows' cross-entropies; infinite where a training diverged.
/// - Parameter byteCount: of the text that all of them predict.
func bitsPerByte(_ windowNats: [Double], byteCount: Int) -> Double {
  guard !windowNats.isEmpty else { return .greatestFiniteMagnitude }
  return windowNats.reduce(0, +) / Double(max(1, byteCount)) / 0.693_147_180_559_945_3
}
