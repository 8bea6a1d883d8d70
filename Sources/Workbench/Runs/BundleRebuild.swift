import Basics
import Formats
import Foundation
import Ledger
import Lineage
import Shipping
import Training

/// Makes a bundle's model again, from its recipe and the answers, and compares every hash on the way.
///
/// The answers are no part of a bundle: they come from a ledger, or anew from a teacher that Alambic itself serves.
/// Nobody else is asked. It works in a folder of its own and leaves corpora and workspace alone.
public struct BundleRebuild: Sendable {
  /// From answers to the image: what these leave is compared.
  public static let stages: [StageName] = [.ask, .curate, .shard, .train, .export]

  public let bundle: SealedBundle
  let receipts: [StageName: ShippedReceipt]
  private let name: String

  /// - Parameter path: an archive, or the folder that it unpacks to.
  /// - Throws: `HintedError` for a bundle that is damaged, or says too little of how it was made.
  public init(_ path: String) throws {
    bundle = try BundleReader.read(path)
    name = path
    guard let file = bundle.files.first(where: { $0.path == ShippedReceipt.fileName }) else {
      throw HintedError("\(path): no '\(ShippedReceipt.fileName)', so there is nothing to compare with")
    }
    let chain = try CanonicalJSON.decode([ShippedReceipt].self, from: file.bytes, named: "\(path): \(file.path)")
    receipts = Dictionary(chain.map { ($0.stage, $0) }) { first, _ in first }
    if let missing = Self.stages.first(where: { receipts[$0] == nil }) {
      throw HintedError("\(path): '\(file.path)' has no receipt of `\(missing.rawValue)`")
    }
    let image = bundle.files.first { $0.path == "model.atome" }.map { ContentID(of: $0.bytes) }
    guard receipts[.export]?.outputs.first(where: { $0.kind == .atomeImage })?.id == image else {
      throw HintedError(
        "\(path): '\(file.path)' is about another image than model.atome",
        hint: "its files are whole, but they do not belong together: do not use it", status: .answerIsNo)
    }
  }

  /// The corpus of the bundle.
  public var corpus: String { bundle.manifest.name }
  /// Begins the scratch folder's name.
  public var id: ContentID { bundle.id }
}

// MARK: - What is known before it starts

extension BundleRebuild {
  /// How long it takes, and what is otherwise here than where the bundle was made.
  public struct Plan: Encodable, Sendable {
    public enum Basis: String, Codable, Sendable {
      /// The receipts of when the same work was done here.
      case receipts
      /// A few steps of training, timed now.
      case measured
    }

    public var seconds: Double
    public var basis: Basis
    public var differences: [SettingDifference]
  }

  /// A setting that a receipt of the bundle has otherwise than this machine.
  public struct SettingDifference: Encodable, Hashable, Sendable {
    public var stage: StageName
    public var setting: String
    public var sealed: String?
    public var here: String?
  }

  /// The sum of what the steps took when this very work was done; nil where the ledger does not know it.
  func recordedSeconds(_ ledger: Ledger) async throws -> Double? {
    var sum = 0.0
    for stage in Self.stages {
      guard let key = try receipts[stage]?.key, let receipt = try await ledger.receipt(key: key) else { return nil }
      sum += receipt.durationSeconds
    }
    return sum
  }

  func differences(from pipeline: Pipeline) throws -> [SettingDifference] {
    var found: [SettingDifference] = []
    for stage in Self.stages {
      guard let sealed = receipts[stage]?.settings, let here = try pipeline.settings(of: stage) else { continue }
      for name in Set(sealed.keys).union(here.keys).sorted() where sealed[name] != here[name] {
        found.append(SettingDifference(stage: stage, setting: name, sealed: sealed[name], here: here[name]))
      }
    }
    return found
  }

  /// The instruction set that training had, as its receipt says.
  public var instructionSet: String? { receipts[.train]?.settings["instructionSet"] }
  public static var instructionSetHere: String { TrainingHost.instructionSetName }
}

// MARK: - What came of it

extension BundleRebuild {
  /// What `--json` prints.
  public struct Outcome: Encodable, Sendable {
    public enum Verdict: String, Codable, Sendable {
      case equal, different
      /// Nothing was trained: only the plan was asked for.
      case planned
    }

    public var schema = "alambic.rebuild/1"
    public var bundle: ContentID
    public var verdict: Verdict
    public var plan: Plan
    /// Up to the first that differs.
    public var steps: [Step]

    /// The step that differs first.
    public var difference: Step? { steps.first { !$0.isEqual } }
  }

  public struct Step: Encodable, Sendable {
    public var stage: StageName
    public var isEqual: Bool
    public var outputs: [Output]

    public struct Output: Encodable, Sendable {
      public var kind: ArtifactKind
      public var path: String?
      /// Nil for what only the other side has.
      public var sealed: ContentID?
      public var rebuilt: ContentID?
    }
  }

  func compare(_ receipt: Receipt) -> Step {
    var outputs: [Step.Output] = []
    var left = receipt.outputs
    for sealed in receipts[receipt.stage]?.outputs ?? [] {
      let index = left.firstIndex { $0.kind == sealed.kind && $0.path == sealed.path }
      let rebuilt = index.map { left.remove(at: $0) }
      outputs.append(.init(kind: sealed.kind, path: sealed.path, sealed: sealed.id, rebuilt: rebuilt?.id))
    }
    outputs += left.map { .init(kind: $0.kind, path: $0.path, sealed: nil, rebuilt: $0.id) }
    return Step(stage: receipt.stage, isEqual: outputs.allSatisfy { $0.sealed == $0.rebuilt }, outputs: outputs)
  }
}

extension BundleRebuild.Outcome {
  /// Why the model was not made again; nil where nothing differs.
  public var failure: HintedError? {
    guard let step = difference, let output = step.outputs.first(where: { $0.sealed != $0.rebuilt }) else { return nil }
    let others = plan.differences.filter { $0.stage <= step.stage }.map {
      "\($0.setting) of `\($0.stage.rawValue)` was \($0.sealed ?? "not set") and is \($0.here ?? "not set") here"
    }
    return HintedError(
      "`\(step.stage.rawValue)` is the first step that differs: \(output.kind.rawValue)"
        + (output.path.map { " \($0)" } ?? "") + " is \(output.rebuilt?.short ?? "missing"), not "
        + (output.sealed?.short ?? "there"),
      hint: others.isEmpty
        ? step.stage == .ask
          ? "the answers in the ledger are not those that the bundle was made from"
          : "no setting differs: compilers, C library or libzstd may, or the bundle was not made as it says"
        : "perhaps because \(others.prefix(3).joined(separator: "; "))",
      status: .answerIsNo)
  }
}
