import Basics
import Formats
import Foundation
import Lineage
import Training
import Workbench

/// What a sweep will take on this machine: `sweep --dry-run`.
public struct SweepEstimate: Codable, Sendable {
  public var schema = "alambic.sweep-estimate/1"
  public var sweep: String
  public var instructionSet: String
  /// Trainings that are equal count once.
  public var trainingCount: Int
  public var finishedCount: Int
  /// Steps that are left; with rungs, at most.
  public var stepCount: Int
  /// Measured by some steps of each kind of training.
  public var minutes: Double
  /// How many trainings compete in how many groups, where there are rungs.
  public var groupCount: Int?
  public var trainings: [Training]

  public struct Training: Codable, Sendable {
    public var id: ContentID
    public var shape: String
    public var seed: UInt64
    public var stepCount: Int
  }
}

extension Sweep {
  /// - Parameter part: nil for all.
  public func estimate(of part: Part? = nil) throws -> SweepEstimate {
    let groups = plan.groups(of: part)
    let trainings = groups.flatMap { $0.arms.flatMap(\.self) }
    var (steps, seconds, finished) = (0, 0.0, 0)
    var speeds: [String: TrainingSpeed] = [:]
    for group in groups {
      let facts = try facts(of: group, in: home)
      finished += facts.joined().count { $0.result != nil }
      guard group.next(facts) != nil else { continue }
      let all = group.arms.reduce(0) { $0 + $1.reduce(0) { $0 + $1.settings.stepCount } }
      // Of a group with rungs, each training does on average this part of its steps.
      let share = Double(group.stepCount) / Double(max(1, all))
      steps += group.rounds.isEmpty ? all : group.stepCount
      for training in group.arms.joined() {
        let speed = try speed(of: training, among: &speeds)
        seconds +=
          share
          * speed.seconds(
            ofSteps: training.settings.stepCount, evaluationInterval: training.settings.evaluationInterval)
      }
    }
    return SweepEstimate(
      sweep: plan.name, instructionSet: instructionSet, trainingCount: trainings.count, finishedCount: finished,
      stepCount: steps, minutes: seconds / 60, groupCount: plan.file.rungs == nil ? nil : groups.count,
      trainings: trainings.map {
        SweepEstimate.Training(
          id: $0.id, shape: $0.shape.text, seed: $0.settings.seed, stepCount: $0.settings.stepCount)
      })
  }

  /// About how many seconds measuring one kind of training may take.
  private static let measuringSeconds = 0.5

  private func speed(of training: SweepTraining, among speeds: inout [String: TrainingSpeed]) throws -> TrainingSpeed {
    let settings = training.settings
    let kind = [
      training.shape.text, training.data.content.id.hex, "\(settings.batchCount)", settings.recipe,
    ].joined(separator: " ")
    if let known = speeds[kind] { return known }
    func measured<Shape: Student>(_ shape: Shape) throws -> TrainingSpeed {
      try Trainer(
        shape: shape, settings: settings, data: training.data.content,
        threadCount: options.threadCount ?? TrainingHost.defaultThreadCount, instructionSet: try plan.kernels()
      ).measuredSpeed(limit: Self.measuringSeconds, now: TimeBudget.uptime)
    }
    let speed = try measured(training.shape.shape)
    speeds[kind] = speed
    return speed
  }
}
