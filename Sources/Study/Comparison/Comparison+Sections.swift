import Basics
import Formats
import Foundation
import Lineage
import Model
import Networks
import Training

/// The tables: who takes part, with which settings, and what came of it.
extension Comparison {
  /// The published recipe and its split: the last tenth of the windows held out, no validation. The vocabulary is
  /// that of the other tables.
  func published(_ vocabulary: Vocabulary) async throws -> ComparisonReport.Section {
    let (entries, data) = try publishedEntries(vocabulary)
    return try await section(
      "Published recipe", note: "everyone at the published, untuned rate; the last tenth held out", entries, data)
  }

  func publishedEntries(_ vocabulary: Vocabulary) throws -> (entries: [Entry], data: ComparisonData) {
    var settings = TrainingSettings.published
    settings.windowTokenCount = plan.window
    settings.batchCount = plan.settings.batchCount
    settings.stepCount = plan.settings.stepCount
    settings.evaluationInterval = settings.stepCount
    guard case .text(let text, _) = plan.source else {
      throw HintedError("the published recipe trains on a text", status: .internalFault)
    }
    let data = try TrainingData(bytes: text, window: plan.window) { _ in vocabulary }
    let entries = try plan.contestants(plan.contestants.published).map { Entry($0, settings: settings) }
    return (entries, ComparisonData(test: data))
  }

  /// The first contestant, and the others with as many steps as take as long.
  func equalTime(
    _ groups: [(title: String, members: [Contestant])], _ factors: [StudentShape: RateFactors], _ timing: StepTiming,
    _ data: ComparisonData
  ) async throws -> ComparisonReport.Section {
    let members = Self.distinct(groups.flatMap(\.members))
    let entries = members.map { member in
      var settings = settings(member, factors)
      let ratio = time(members[0])(timing) / time(member)(timing)
      settings.stepCount = max(1, Int((Double(settings.stepCount) * ratio).rounded()))
      settings.warmUpStepCount = min(settings.warmUpStepCount, settings.stepCount)
      settings.evaluationInterval = settings.stepCount
      return Entry(member, settings: settings, stepMilliseconds: time(member)(timing))
    }
    return try await section(
      "Equal training time", note: "steps scaled by the time of a step, measured in this folder's first run", entries,
      data)
  }

  func ablations(
    _ groups: [(title: String, members: [Contestant])], _ factors: [StudentShape: RateFactors], _ data: ComparisonData
  ) async throws -> ComparisonReport.Section {
    try await section(
      "Ablations", note: "one thing changed at a time, at the whole model's learning rates",
      try ablationEntries(groups, factors), data)
  }

  func ablationEntries(
    _ groups: [(title: String, members: [Contestant])], _ factors: [StudentShape: RateFactors]
  ) throws -> [Entry] {
    guard let first = groups.first?.members.first, let shape = first.shape.shape as? AtomeShape else {
      throw HintedError(
        "--ablate varies the first contestant, which is not an atome model", hint: "name an atome model first",
        status: .usage)
    }
    return Ablations.contestants(of: shape, named: first.name, window: plan.window).map { member in
      var rates = factors
      rates[member.shape] = factors[first.shape]
      return Entry(member, settings: settings(member, rates))
    }
  }

  func time(_ contestant: Contestant) -> (StepTiming) -> Double {
    { $0.milliseconds[StepTiming.name(contestant.shape, plan.settings)] ?? .nan }
  }

  /// A contestant with all that it is trained with but the seed.
  struct Entry {
    var contestant: Contestant
    var settings: TrainingSettings
    var stepMilliseconds: Double?

    init(_ contestant: Contestant, settings: TrainingSettings, stepMilliseconds: Double? = nil) {
      self.contestant = contestant
      self.settings = settings
      self.stepMilliseconds = stepMilliseconds
    }
  }

  /// Each entry's trainings, one a seed, entry after entry.
  func jobs(_ entries: [Entry], _ datas: [MeasuredData], _ exam: StudentExam?) -> [TrainingJob] {
    zip(entries, datas).flatMap { entry, measured in
      seeds.map { seed in
        var settings = entry.settings
        settings.seed = seed
        return TrainingJob(shape: entry.contestant.shape, settings: settings, data: measured.data, exam: exam)
      }
    }
  }

  func section(_ title: String, note: String, _ entries: [Entry], _ data: ComparisonData) async throws
    -> ComparisonReport.Section
  {
    let datas = try measured(entries, data.test)
    let jobs = jobs(entries, datas, data.exam)
    let results = try await runner.results(of: jobs, phase: title.lowercased())
    var rows: [ComparisonReport.Row] = []
    var first: [[Double]] = []
    for (index, (entry, data)) in zip(entries, datas).enumerated() {
      let own = Array(results[(index * seeds.count)..<((index + 1) * seeds.count)])
      let nats = own.map { $0.windowNats(entry.contestant.form) }
      if index == 0 { first = nats }
      // Windows of another length are other units: such rows are shown, not paired.
      let isPaired = index > 0 && entry.contestant.window == nil
      let difference = isPaired ? Self.difference(nats, first, meanByteCount: data.meanByteCount) : nil
      rows.append(try row(entry, own, nats, data, difference))
    }
    return ComparisonReport.Section(title: title, note: note, rows: rows)
  }

  /// Each one's data. For a window of its own: the same text, the same borders as near as windows allow.
  func measured(_ entries: [Entry], _ data: TrainingData) throws -> [MeasuredData] {
    let common = try MeasuredData(data)
    return try entries.map { entry in
      guard let window = entry.contestant.window else { return common }
      return try MeasuredData(data.cut(window: window))
    }
  }

  private func row(
    _ entry: Entry, _ results: [JobResult], _ nats: [[Double]], _ measured: MeasuredData,
    _ difference: ComparisonReport.Difference?
  ) throws -> ComparisonReport.Row {
    let shape = entry.contestant.shape
    let cost = try ContestantCost(
      entry.contestant, flashByteCount: results[0].flashByteCount, on: board, costs,
      window: entry.settings.windowTokenCount
    ).speaking(measured.data.vocabulary, bytesPerToken: measured.bytesPerToken)
    let right = results.compactMap { $0.right?[entry.contestant.form.rawValue] }
    return ComparisonReport.Row(
      name: entry.contestant.name, shape: shape.text, parameterCount: shape.parameterCount,
      flashByteCount: cost.flashByteCount, ramByteCount: cost.ramByteCount, instructionCount: cost.instructionCount,
      stepCount: entry.settings.stepCount, learningRate: entry.settings.learningRate,
      muonLearningRate: entry.settings.muon?.learningRate, stepMilliseconds: entry.stepMilliseconds,
      bitsPerByte: nats.map(measured.bitsPerByte), right: right.isEmpty ? nil : right, difference: difference)
  }

  /// Windows of tokens differ in bytes. Each difference is divided by the mean, so that the mean difference is exactly
  /// the difference of the bits per byte; long windows count more, as they do there.
  static func difference(
    _ nats: [[Double]], _ first: [[Double]], meanByteCount: Double
  ) -> ComparisonReport.Difference? {
    let bitsPerNat = 1 / (0.693_147_180_559_945_3 * max(1, meanByteCount))
    let values = zip(nats, first).map { own, other in zip(own, other).map { ($0 - $1) * bitsPerNat } }
    guard let paired = PairedDifferences(values) else { return nil }
    let shortage = Shortage.of(seeds: values.count, windows: values[0].count)
    return ComparisonReport.Difference(
      mean: paired.mean, interval: shortage == nil ? paired.interval(resamples: resamples, seed: 0) : nil,
      shortage: shortage)
  }
}
