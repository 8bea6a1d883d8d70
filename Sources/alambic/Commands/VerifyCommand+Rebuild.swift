import Basics
import Console
import Lineage
import Workbench

extension VerifyCommand {
  /// The bundle's own recipe says all that there is to choose.
  func rebuildBundle() async throws {
    guard isBundle else {
      throw HintedError(
        "\(subject) is not a bundle, and bundles alone are rebuilt", hint: "leave out --rebuild", status: .usage)
    }
    guard [core, data, signedBy, signature, output].allSatisfy({ $0 == nil }),
      [prompts, bytes, context].allSatisfy({ $0 == nil }), try shape.requestedShape() == nil
    else {
      throw HintedError(
        "--rebuild takes --dry-run, --ledger, --workspace, --json and --quiet alone",
        hint: "verify the bundle without --rebuild for the other options", status: .usage)
    }
    let rebuild = try BundleRebuild(subject)
    let place = common.place
    let renderer = EventRenderer(common)
    let isQuiet = common.json || common.quiet
    let outcome = try await rebuild.run(
      scratch: "\(place.root)/rebuilds/\(rebuild.id.short)", project: try ProjectFolders.locate(),
      ledgerPath: ledger ?? place.ledgerPath, isDryRun: dryRun
    ) { plan in
      if !isQuiet { Output.text(Self.text(of: plan, for: rebuild)) }
    } emit: {
      renderer.show($0)
    }
    if common.json { try Output.json(outcome) }
    if let failure = outcome.failure { throw failure }
    if !common.json, outcome.verdict == .equal {
      let count = outcome.steps.reduce(0) { $0 + $1.outputs.count }
      Output.text(
        "made again: \(count) artifacts of \(outcome.steps.count) steps, each with the hash of the bundle's receipts")
    }
  }

  private static func text(of plan: BundleRebuild.Plan, for rebuild: BundleRebuild) -> String {
    let basis = plan.basis == .receipts ? "as long as it took here before" : "by a few steps of training, timed now"
    let lines =
      ["this takes about \(ReadableUnits.duration(seconds: plan.seconds)) (\(basis))"]
      + [
        "trained with \(rebuild.instructionSet ?? "unknown instructions"), here \(BundleRebuild.instructionSetHere): "
          + (rebuild.instructionSet == BundleRebuild.instructionSetHere
            ? "the same kernels" : "sums round otherwise, so checkpoint and image will differ")
      ]
      + plan.differences.filter { $0.setting != "instructionSet" }.map {
        "\($0.stage.rawValue): \($0.setting) was \($0.sealed ?? "not set"), here \($0.here ?? "not set")"
      }
      + ["compilers, C library and libzstd may differ as well; no receipt names all of them"]
    return lines.joined(separator: "\n")
  }
}
