import Basics
import Lineage
import Training

extension Comparison {
  /// Trains one part's share of the trainings that the tables need, into the comparison's folder; `run` finds them
  /// there, whichever machine trained them.
  /// - Returns: how many trainings the part holds.
  /// - Throws: `HintedError` for a comparison whose trainings depend on earlier ones or on this machine's time.
  public func train(_ part: Part) async throws -> Int {
    try plan.check()
    guard !plan.isTuned, !plan.hasEqualTime else {
      throw HintedError(
        "\(plan.isTuned ? "--tune" : "--equal-time") does not go with --part: what is trained depends on what was "
          + "measured before",
        hint: "run those tables on one machine, in a folder of their own", status: .usage)
    }
    let data = try ComparisonData(plan.source, window: plan.window)
    let groups = try plan.groups()
    var jobs: [TrainingJob] = []
    if plan.hasPublished {
      let (entries, data) = try publishedEntries(data.test.vocabulary)
      jobs += try self.jobs(entries, measured(entries, data.test), data.exam)
    }
    var entries = groups.flatMap(\.members).map { Entry($0, settings: settings($0, [:])) }
    if plan.hasAblations { entries += try ablationEntries(groups, [:]) }
    jobs += try self.jobs(entries, measured(entries, data.test), data.exam)
    return try await runner.train(jobs, heldBy: part, phase: "part \(part)")
  }
}
