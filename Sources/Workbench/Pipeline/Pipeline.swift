import Basics
import Foundation
import Ledger
import Lineage

/// A corpus's steps in order, and what of them is still to do. Resuming is running it again: a step whose inputs and
/// settings have a receipt, and whose files are still what the receipt says, is up to date.
public struct Pipeline: Sendable {
  let corpus: CorpusFolder
  let workspace: Workspace
  let ledger: Ledger
  let steps: [any PipelineStep]
  let emit: EventSink

  /// Runs whatever is not up to date.
  /// - Parameter last: the last step to run.
  /// - Returns: a receipt for each step, up to `last`.
  public func make(until last: StageName = .ship) async throws -> [StageName: Receipt] {
    var receipts: [StageName: Receipt] = [:]
    for step in steps where step.name <= last {
      let step = step.building(on: receipts)
      let request = try request(for: step, receipts)
      if !step.isForced, let receipt = try await validReceipt(request) {
        emit(.upToDate(step.name, summary: receipt.summary))
        receipts[step.name] = receipt
      } else {
        receipts[step.name] = try await perform(step, request)
      }
    }
    return receipts
  }

  /// Runs one step; those before it must be up to date.
  public func run(only name: StageName) async throws -> Receipt {
    try check(try await plan(until: name).filter { $0.stage != name }, for: name.rawValue, until: name)
    let receipts = try await make(until: name)
    guard let receipt = receipts[name] else {
      throw HintedError("\(corpus.name) has no step `\(name.rawValue)`", status: .usage)
    }
    return receipt
  }

  /// The receipts up to a step, all of which must be up to date; nothing runs.
  /// - Parameter purpose: the command that builds on them.
  func receipts(until last: StageName, for purpose: String) async throws -> [StageName: Receipt] {
    try check(try await plan(until: last), for: purpose, until: last)
    return try await make(until: last)
  }

  private func check(_ plan: [PlannedStep], for purpose: String, until last: StageName) throws {
    guard let open = plan.first(where: { !$0.isUpToDate }) else { return }
    throw HintedError(
      "`\(open.stage.rawValue)` of \(corpus.name) is not up to date, and `\(purpose)` builds on it",
      hint: "run `alambic make \(corpus.name) --until \(last.rawValue)`", status: .usage)
  }

  /// What `make` would do: each step with whether it is up to date. A step after one that is not, is not.
  public func plan(until last: StageName = .ship) async throws -> [PlannedStep] {
    var receipts: [StageName: Receipt] = [:]
    var planned: [PlannedStep] = []
    for step in steps where step.name <= last {
      let followsStale = step.isForced || planned.contains { !$0.isUpToDate }
      let receipt = followsStale ? nil : try await validReceipt(try request(for: step.building(on: receipts), receipts))
      receipts[step.name] = receipt
      planned.append(PlannedStep(stage: step.name, isUpToDate: receipt != nil, summary: receipt?.summary))
    }
    return planned
  }
}

/// One line of a plan.
public struct PlannedStep: Codable, Sendable {
  public var stage: StageName
  public var isUpToDate: Bool
  /// What the step left when it ran; nil when it is to run.
  public var summary: String?
}

// MARK: - Receipts

extension Pipeline {
  /// What decides a step's outputs.
  private struct Request {
    var stage: StageName
    var inputs: [Artifact]
    var settings: [String: String]

    var key: ContentID {
      get throws { try Receipt.key(stage: stage, inputs: inputs.map(\.id), settings: settings) }
    }
  }

  private func request(for step: any PipelineStep, _ receipts: [StageName: Receipt]) throws -> Request {
    var settings = try step.settings()
    settings["alambic"] = AlambicVersion.current
    return Request(stage: step.name, inputs: try step.inputs(from: receipts), settings: settings)
  }

  private func validReceipt(_ request: Request) async throws -> Receipt? {
    guard let receipt = try await ledger.receipt(key: request.key) else { return nil }
    return receipt.outputs.allSatisfy(isIntact) ? receipt : nil
  }

  /// A file must still hold the bytes that the receipt names; what lives in the ledger is kept by its transactions.
  private func isIntact(_ artifact: Artifact) -> Bool {
    guard let path = artifact.path else { return true }
    return (try? ContentID(ofFile: workspace.absolute(path))) == artifact.id
  }

  private func perform(_ step: any PipelineStep, _ request: Request) async throws -> Receipt {
    emit(.started(step.name))
    let startedAt = Date()
    let outcome = try await step.perform(
      inputs: StepInputs(request.inputs, in: workspace), progress: ProgressSink(stage: step.name, emit: emit))
    let seconds = Date().timeIntervalSince(startedAt)
    let receipt = Receipt(
      stage: step.name, corpus: corpus.name, inputs: request.inputs, outputs: outcome.outputs,
      settings: request.settings, summary: outcome.summary, startedAt: startedAt, durationSeconds: seconds,
      cost: outcome.cost, figures: outcome.figures)
    try await ledger.record(receipt: receipt)
    emit(.finished(step.name, summary: outcome.summary, seconds: seconds))
    return receipt
  }
}
