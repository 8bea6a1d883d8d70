import Basics
import Formats
import Foundation
import Lineage
import Model
import Training
import Workbench

/// What a sweep found: `sweep.json`. It holds nothing that was timed, and says the same whoever trained.
public struct SweepTable: Codable, Sendable {
  public var schema = "alambic.sweep-table/1"
  public var sweep: String
  /// Of all trainings' ids, and of the rungs.
  public var inputs: ContentID
  public var alambic = AlambicVersion.current
  public var instructionSet: String
  public var rungs: SweepFile.Rungs?
  public var rows: [Row]

  /// All that was trained alike but for the seed.
  public struct Row: Codable, Sendable {
    public var student: String
    public var data: String
    public var recipe: String
    public var rate: Double
    /// Tokens that stand for strings; 0 where tokens are bytes.
    public var stringCount: Int
    public var windowTokenCount: Int
    public var batchCount: Int
    public var stepCount: Int
    /// Nil where all steps are done.
    public var patience: Int?
    public var parameterCount: Int
    /// With its vocabulary.
    public var flashByteCount: Int
    public var trainings: [Training]
    /// Whether no other row of the same data has fewer bits per byte in as little flash; nil without bits.
    public var isOnFront: Bool?

    package init(
      student: String, data: String, recipe: String, rate: Double, stringCount: Int, windowTokenCount: Int,
      batchCount: Int, stepCount: Int, patience: Int? = nil, parameterCount: Int, flashByteCount: Int,
      trainings: [Training]
    ) {
      (self.student, self.data, self.recipe, self.rate) = (student, data, recipe, rate)
      (self.stringCount, self.windowTokenCount, self.batchCount) = (stringCount, windowTokenCount, batchCount)
      (self.stepCount, self.patience) = (stepCount, patience)
      (self.parameterCount, self.flashByteCount) = (parameterCount, flashByteCount)
      self.trainings = trainings
    }

    /// Of those that were trained to the end; nil where none was.
    public var median: Double? {
      let sorted = finished.sorted()
      return sorted.isEmpty ? nil : quantile(0.5, ofSorted: sorted)
    }
    public var finished: [Double] { trainings.filter { $0.state == .finished }.compactMap(\.bitsPerByte) }
  }

  public struct Training: Codable, Sendable {
    public enum State: String, Codable, Sendable { case finished, stopped, diverged, open }

    public var id: ContentID
    public var seed: UInt64
    public var state: State
    /// Steps that were done when `bitsPerByte` was measured, with patience those of the best; nil where it diverged.
    public var step: Int?
    /// Of the held-out text: of a finished one in the form that is flashed, of a stopped one as it was being trained.
    public var bitsPerByte: Double?
    public var checkpoint: ContentID?

    package init(id: ContentID, seed: UInt64, state: State, bitsPerByte: Double? = nil) {
      (self.id, self.seed, self.state, self.bitsPerByte) = (id, seed, state, bitsPerByte)
    }
  }
}

extension Sweep {
  func table() throws -> SweepTable {
    var (fates, facts) = ([ContentID: SweepGroup.Fate](), [ContentID: SweepFacts]())
    for group in plan.groups {
      let known = try self.facts(of: group, in: home)
      let found = group.fates(known)
      for (arm, trainings) in group.arms.enumerated() {
        for (index, training) in trainings.enumerated() {
          fates[training.id] = found[arm][index]
          facts[training.id] = known[arm][index]
        }
      }
    }
    let rows = plan.configurations.map { one in
      SweepTable.Row(
        student: one.contestant.name, data: one.data, recipe: one.recipe, rate: one.rate,
        stringCount: one.trainings.first?.data.content.vocabulary.stringTokens.count ?? 0,
        windowTokenCount: one.window, batchCount: one.batch, stepCount: one.steps, patience: one.patience,
        parameterCount: one.contestant.shape.parameterCount, flashByteCount: one.flashByteCount,
        trainings: one.trainings.map { training in
          Self.row(
            training, fates[training.id] ?? .waiting, facts[training.id] ?? SweepFacts(), one.contestant.form)
        })
    }
    return SweepTable(
      sweep: plan.name, inputs: try plan.inputs(), instructionSet: instructionSet, rungs: plan.file.rungs,
      rows: SweepTable.marked(rows))
  }

  private static func row(
    _ training: SweepTraining, _ fate: SweepGroup.Fate, _ facts: SweepFacts, _ form: Contestant.Form
  ) -> SweepTable.Training {
    var row = SweepTable.Training(id: training.id, seed: training.settings.seed, state: .open)
    switch fate {
    case .open, .waiting: break
    case .diverged: row.state = .diverged
    case .stopped(let step, let bits):
      (row.state, row.step, row.bitsPerByte) = (.stopped, step, bits)
    case .finished:
      (row.state, row.step) = (.finished, facts.result?.step ?? training.settings.stepCount)
      (row.bitsPerByte, row.checkpoint) = (facts.result?.bitsPerByte(form), facts.result?.checkpoint)
    }
    return row
  }
}

extension SweepTable {
  /// The rows with their place to the Pareto front of flash and bits per byte.
  package static func marked(_ rows: [Row]) -> [Row] {
    rows.map { row in
      guard let bits = row.median else { return row }
      var row = row
      let isBeaten = rows.contains { other in
        guard other.data == row.data, let theirs = other.median else { return false }
        let isNoWorse = other.flashByteCount <= row.flashByteCount && theirs <= bits
        return isNoWorse && (other.flashByteCount < row.flashByteCount || theirs < bits)
      }
      row.isOnFront = !isBeaten
      return row
    }
  }

  public var trainings: [Training] {
    var seen: Set<ContentID> = []
    return rows.flatMap(\.trainings).filter { seen.insert($0.id).inserted }
  }
}
