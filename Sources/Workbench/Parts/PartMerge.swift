import Basics
import Foundation
import Ledger
import Lineage
import Teachers

/// Brings the parts of a corpus together: one winner for each, checked, and its answers into the workspace's ledger.
/// What is left is what one machine would have left.
public struct PartMerge: Sendable {
  private let workbench: Workbench
  private let corpus: CorpusFolder
  private let emit: EventSink
  public let partCount: Int

  /// - Parameter partCount: how many parts there are; nil where only one number of parts was tried.
  public init(
    _ corpus: String, partCount: Int?, workbench: Workbench, emit: @escaping EventSink = { _ in }
  ) throws {
    self.workbench = workbench
    self.emit = emit
    self.corpus = try CorpusFolder.open(corpus, in: workbench.folders)
    self.partCount = try partCount ?? Self.onlyCount(of: corpus, in: workbench.workspace)
    _ = try Part(1, of: self.partCount)
    try self.corpus.checkTakesParts(Pipeline.Options())
  }

  private static func onlyCount(of corpus: String, in workspace: Workspace) throws -> Int {
    let counts = PartFolder.counts(of: corpus, in: workspace)
    guard let first = counts.first else {
      throw HintedError(
        "\(corpus) has no parts in \(workspace.parts(corpus))",
        hint: "ask one with `alambic ask \(corpus) --part 1/16`", status: .usage)
    }
    guard counts.count == 1 else {
      throw HintedError(
        "\(corpus) was dealt into \(counts.map(String.init).joined(separator: " and ")) parts",
        hint: "say which with --parts \(first)", status: .usage)
    }
    return first
  }

  /// - Returns: the receipt of `ask`, as one machine would have written it.
  /// - Throws: `HintedError` with the numbers of parts that are missing or damaged; nothing is merged then.
  public func run() async throws -> Receipt {
    let folders = try (1...partCount).map { PartFolder(try Part($0, of: partCount), of: corpus.name, in: workspace) }
    let winners = try winners(in: folders)
    let before = try await ledger.counts()
    var unusedCount = 0
    for (folder, winner) in zip(folders, winners) {
      let brought = try await ledger.takeOver(.all, from: folder.ledger(ofAttempt: winner.attempt))
      unusedCount += brought.unusedCount
    }
    for (folder, winner) in zip(folders, winners) {
      for number in folder.attempts() where number != winner.attempt {
        unusedCount += try await bill(ofAttempt: number, in: folder)
      }
    }
    if unusedCount > 0 {
      emit(
        .notice(
          "\(ReadableUnits.count(unusedCount)) answers were paid and are not used: their requests have others, which "
            + "stay"))
    }
    let after = try await ledger.counts()
    let parts = AskStep.Parts(
      count: partCount, cost: after.cost - before.cost, possibleCost: after.possibleCost - before.possibleCost)
    try await check(winners, hasOthers: unusedCount > 0)
    var options = Pipeline.Options()
    options.merged = parts
    return try await workbench.pipeline(corpus.name, options: options, emit: emit).run(only: .ask)
  }

  /// Books what an attempt cost that did not win.
  private func bill(ofAttempt number: Int, in folder: PartFolder) async throws -> Int {
    let copy = "\(workspace.parts(corpus.name))/.other"
    var unusedCount = 0
    do {
      try await LedgerCopy(of: folder.ledger(ofAttempt: number), in: copy)?.use {
        unusedCount = try await ledger.takeOver(.bills, from: $0).unusedCount
      }
    } catch let error as HintedError where error.status == .badData {
      emit(.notice("part \(folder.part), attempt \(number): what it cost is unknown; \(error.message)"))
    }
    return unusedCount
  }

  private var workspace: Workspace { workbench.workspace }
  private var ledger: Ledger { workbench.ledger }

  private func winners(in folders: [PartFolder]) throws -> [PartManifest] {
    let inputs = try ContentID(ofCanonical: try step().partSettings())
    var (winners, missing): ([PartManifest], [Int]) = ([], [])
    for folder in folders {
      let (winner, faults) = folder.winner(inputs: inputs)
      for fault in faults { emit(.notice("\(fault); it is not taken")) }
      if let winner { winners.append(winner) } else { missing.append(folder.part.number) }
    }
    guard let first = missing.first else { return winners }
    throw HintedError(
      "\(missing.count) of \(partCount) parts of \(corpus.name) are missing: \(NumberList.text(missing))",
      hint: "run `alambic ask \(corpus.name) --part \(first)/\(partCount)`"
        + (missing.count == 1 ? "" : ", and so on,") + " or `alambic slurm retry \(corpus.name)`, then merge again",
      status: .stopped)
  }

  private func step() throws -> AskStep {
    try Pipeline.askStep(corpus, workbench.folders, ledger, Pipeline.Options(), Budget(maximum: nil))
  }

  /// The ledger now says to every prompt what its part says.
  private func check(_ winners: [PartManifest], hasOthers: Bool) async throws {
    let step = try step()
    let teachers = try step.unconnected()
    var tallies = winners.map { _ in SampleTally(shape: step.shape) }
    try await step.prompts.forEachPortion { portion in
      var parts: [Int: Int] = [:]
      for prompt in portion { parts[prompt.index] = Part.number(of: prompt, among: partCount) }
      try await step.forEachSample(of: PromptStream(portion), teachers) { sample in
        if let part = parts[sample.promptIndex] { tallies[part - 1].add(sample) }
      }
    }
    for (winner, tally) in zip(winners, tallies) where tally.artifact.id != winner.answers {
      guard hasOthers else {
        throw HintedError(
          "part \(winner.part) of \(corpus.name) has other answers in its ledger than its manifest says",
          hint: "remove \(PartFolder(winner.part, of: corpus.name, in: workspace).attempt(winner.attempt)) and ask "
            + "that part again")
      }
      emit(.notice("part \(winner.part): the workspace had other answers before; those stay"))
    }
  }
}

/// Numbers as a person and Slurm write them: `1-3,7`.
public enum NumberList {
  /// - Parameter numbers: in their order.
  public static func text(_ numbers: [Int]) -> String {
    var runs: [ClosedRange<Int>] = []
    for number in numbers {
      if let last = runs.last, last.upperBound + 1 == number {
        runs[runs.count - 1] = last.lowerBound...number
      } else {
        runs.append(number...number)
      }
    }
    return runs.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ",")
  }
}
