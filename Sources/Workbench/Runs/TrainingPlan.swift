import Basics
import Formats
import Foundation
import Training

/// How many steps a run of so many minutes has. It waits beside the unfinished work, so that a run which goes on does
/// so by the schedule that it began with, however fast the machine is by then.
struct TrainingPlan<Shape: TrainableShape>: Codable {
  static var schema: String { "alambic.training-plan/1" }

  var schema: String
  var minutes: Double
  var shape: Shape
  /// With the number of steps that was found.
  var settings: TrainingSettings
  var data: ContentID

  /// Reads the plan of the same run; a file of other work, or a damaged one, is no plan.
  init?(of run: TrainingRun<Shape>, minutes: Double) {
    guard let bytes = try? AtomicFile.read(RunStatus.planPath(of: run.output)),
      let plan = try? CanonicalJSON.decode(Self.self, from: bytes)
    else { return nil }
    var settings = run.settings
    settings.stepCount = plan.settings.stepCount
    guard plan.schema == Self.schema, plan.minutes == minutes, plan.shape == run.shape, plan.settings == settings,
      plan.data == run.data.id, TrainingSettings.stepCounts.contains(settings.stepCount)
    else { return nil }
    self = plan
  }

  init(_ run: TrainingRun<Shape>, minutes: Double) {
    schema = Self.schema
    self.minutes = minutes
    shape = run.shape
    settings = run.settings
    data = run.data.id
  }
}

/// A stretch of time that a run has to fit into.
public struct TimeBudget: Sendable {
  /// From a second to a month.
  public static let allowedMinutes: ClosedRange<Double> = 1.0 / 60...43_200

  public let minutes: Double
  let now: @Sendable () -> Double
  private let start: Double

  /// Begins now, so that what is done before the first step counts, too.
  /// - Parameter now: a clock in seconds.
  /// - Throws: `HintedError` for minutes that nobody means.
  public init(minutes: Double, now: @escaping @Sendable () -> Double = Self.uptime) throws {
    guard Self.allowedMinutes.contains(minutes) else {
      throw HintedError(
        "--minutes \(minutes) is outside 0.017…43200", hint: "give minutes from a second to a month, for example 5",
        status: .usage)
    }
    self.minutes = minutes
    self.now = now
    start = now()
  }

  /// Seconds that do not depend on the date.
  public static let uptime: @Sendable () -> Double = { ProcessInfo.processInfo.systemUptime }

  /// A part is left for what is not measured: saves, and a machine that gets slower as it warms up.
  static let usableShare = 0.97
  /// Measuring takes no more than this part of the budget, and no more than so many seconds.
  static let measuringShare = 0.03
  static let measuringLimit = 10.0

  /// How long measuring may take.
  var measuringSeconds: Double { min(Self.measuringLimit, Self.measuringShare * minutes * 60) }
  var secondsLeft: Double { max(0, Self.usableShare * minutes * 60 - (now() - start)) }
}

extension TrainingRun {
  /// Fixes the number of steps, so that the run fits into the budget on this machine and is then a run as any other:
  /// its checkpoint says its steps, and the same steps give the same bytes.
  /// - Returns: how fast it went; nil where unfinished work of the same minutes fixed the number before.
  /// - Throws: `HintedError` where there is no room for a schedule.
  public mutating func fit(_ budget: TimeBudget) throws -> TrainingSpeed? {
    if let plan = TrainingPlan(of: self, minutes: budget.minutes) {
      settings = plan.settings
      return nil
    }
    let speed = try budget.speed(of: self)
    let count = speed.stepCount(within: budget.secondsLeft, evaluationInterval: settings.evaluationInterval)
    guard count > settings.warmUpStepCount else {
      throw HintedError(
        "\(budget.minutes) minutes have room for \(count) steps, and the rate rises for \(settings.warmUpStepCount)",
        hint: "give more minutes, a smaller batch or window, or say --steps", status: .usage)
    }
    settings.stepCount = count
    try AtomicFile.write(
      try CanonicalJSON.encode(TrainingPlan(self, minutes: budget.minutes)), to: RunStatus.planPath(of: output))
    return speed
  }
}
