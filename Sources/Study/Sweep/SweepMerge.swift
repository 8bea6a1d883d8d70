import Basics
import Foundation
import Lineage
import Workbench

/// Brings the parts of a sweep together: the folder and the table are then those of one machine.
public struct SweepMerge: Sendable {
  private let sweep: Sweep
  private let partCount: Int
  private let notice: @Sendable (String) -> Void

  /// - Parameter partCount: nil where the folders say it.
  public init(
    _ plan: SweepPlan, partCount: Int?, workspace: Workspace, notice: @escaping @Sendable (String) -> Void
  ) throws {
    sweep = Sweep(plan, workspace: workspace)
    self.notice = notice
    self.partCount = try partCount ?? Self.onlyCount(of: sweep)
    _ = try Part(1, of: self.partCount)
  }

  private static func onlyCount(of sweep: Sweep) throws -> Int {
    let root = SweepPart.root(sweep.folder)
    let counts = PartFolder.counts(under: root)
    guard let first = counts.first else {
      throw HintedError(
        "the sweep \(sweep.plan.name) has no parts in \(root)", hint: "train one with `alambic sweep FILE --part 1/16`",
        status: .usage)
    }
    guard counts.count == 1 else {
      throw HintedError(
        "\(sweep.plan.name) was dealt into \(counts.map(String.init).joined(separator: " and ")) parts",
        hint: "say which with --parts \(first)", status: .usage)
    }
    return first
  }

  /// - Throws: `HintedError` with the numbers of parts that are missing or damaged, or that were trained by other
  ///   kernels; nothing is merged then.
  public func run() throws -> SweepTable {
    let lock = try FolderLock(sweep.folder, of: "the sweep \(sweep.plan.name)")
    defer { withExtendedLifetime(lock) {} }
    let places = try (1...partCount).map {
      PartFolder(try Part($0, of: partCount), of: sweep.plan.name, under: SweepPart.root(sweep.folder))
    }
    let winners = try winners(in: places)
    let merged = Sweep(
      sweep.plan.trained(by: try instructionSet(of: winners)), folder: sweep.folder)
    // What other kernels left here is found out before anything is brought.
    _ = try merged.table()
    for (place, winner) in zip(places, winners) {
      let from = SweepFolder(path: place.attempt(winner.attempt))
      for training in winner.trainings {
        try merged.home.takeOver(training.id, from: from, by: winner.instructionSet, takesWork: true)
        try check(training, in: merged.home, winner.part)
      }
    }
    let table = try merged.writeTable()
    let open = table.trainings.count { $0.state == .open }
    guard open == 0 else {
      throw HintedError("\(open) trainings are in no part", hint: "this is our bug", status: .internalFault)
    }
    return table
  }

  private func winners(in places: [PartFolder]) throws -> [SweepPartManifest] {
    let inputs = try sweep.plan.inputs()
    var (winners, missing): ([SweepPartManifest], [Int]) = ([], [])
    for place in places {
      let (winner, faults) = SweepPartManifest.winner(in: place, of: sweep.plan.name, inputs: inputs)
      for fault in faults { notice("\(fault); it is not taken") }
      if let winner { winners.append(winner) } else { missing.append(place.part.number) }
    }
    guard let first = missing.first else { return winners }
    throw HintedError(
      "\(missing.count) of \(partCount) parts of the sweep \(sweep.plan.name) are missing: \(NumberList.text(missing))",
      hint: "run `alambic sweep FILE --part \(first)/\(partCount)`" + (missing.count == 1 ? "" : ", and so on,")
        + " or `alambic slurm retry FILE`, then merge again",
      status: .stopped)
  }

  private func instructionSet(of winners: [SweepPartManifest]) throws -> String {
    let sets = Dictionary(grouping: winners, by: \.instructionSet).mapValues { $0.map(\.part.number) }
    guard let only = sets.keys.first, sets.count == 1 else {
      let words = sets.sorted { $0.key < $1.key }.map { "\($0.key) trained \(NumberList.text($0.value))" }
      throw HintedError(
        "parts of the sweep \(sweep.plan.name) were trained by different kernels, whose sums are rounded otherwise: "
          + words.joined(separator: ", "),
        hint: "write `instructionSet: \(Self.slowest(of: Array(sets.keys)))` into the file, and run all parts again",
        status: .usage)
    }
    return only
  }

  /// What every machine of them has.
  private static func slowest(of sets: [String]) -> String {
    ["baseline", "avx2", "avx512"].first(where: sets.contains) ?? "baseline"
  }

  /// Equal kernels and equal trainings leave equal bytes; where they did not, no table is true.
  private func check(_ training: SweepPartManifest.Training, in folder: SweepFolder, _ part: Part) throws {
    guard let result = training.result, try ContentID(ofFile: folder.result(training.id)) != result else { return }
    throw HintedError(
      "the training \(training.id.short) has another result in part \(part) than in \(folder.path)",
      hint: "machines disagree, or a file was changed: remove \(folder.training(training.id)) and merge again, "
        + "or train that part again")
  }
}
