import Basics
import Formats
import Foundation
import Lineage
import Shipping

/// Image and report to a sealed bundle.
struct ShipStep: PipelineStep {
  let name = StageName.ship
  let corpus: CorpusFolder
  let folder: String
  let workspace: Workspace
  /// What led to the image, from the first prompt to the report.
  var chain: [ShippedReceipt] = []

  func building(on receipts: [StageName: Receipt]) -> Self {
    var step = self
    step.chain = StageName.allCases.filter { $0 < name }.compactMap { receipts[$0] }.map(ShippedReceipt.init)
    return step
  }

  func inputs(from receipts: [StageName: Receipt]) throws -> [Artifact] {
    [try receipts.output(.atomeImage, of: .export)] + (receipts[.evaluate]?.outputs ?? [])
      + (receipts[.verify]?.outputs ?? [])
  }

  /// The recipe's own files and the receipts are part of the bundle, so their bytes decide it too.
  func settings() throws -> [String: String] {
    let files = try corpus.files()
    return [
      "files": try ContentID(ofCanonical: files.map { [$0.path, ContentID(of: $0.bytes).description] }).description,
      "receipts": try ContentID(ofCanonical: chain).description,
    ]
  }

  func perform(inputs: [Artifact], progress: ProgressSink) async throws -> StepOutcome {
    let bundle = try Bundler().seal(try contents(inputs))
    let path = "\(folder)/\(bundle.fileName)"
    try AtomicFile.write(try bundle.archive(), to: path)
    let artifact = try workspace.artifact(.bundle, at: path)
    return StepOutcome(
      outputs: [artifact], summary: "\(path), \(ReadableUnits.bytes(artifact.byteCount)) · \(artifact.id)")
  }

  private func contents(_ inputs: [Artifact]) throws -> BundleContents {
    let model = try read(inputs.only(.atomeImage))
    let reports = inputs.filter { $0.kind == .report }
    return BundleContents(
      name: corpus.name, summary: corpus.recipe.description, model: model,
      reportJSON: try report(reports, suffix: ".json"), reportHTML: try report(reports, suffix: ".html"),
      scoreJSON: try inputs.first { $0.kind == .score }.map(read),
      recipeFiles: try corpus.files().filter { !CorpusFolder.evidenceNames.contains($0.path) },
      datasheet: try corpus.evidence("DATASHEET.md"), licenses: try corpus.evidence("LICENSES.md"),
      receipts: Array(try CanonicalJSON.pretty(chain).utf8),
      runCommands: ["alambic talk model.atome --prompt \"…\"", "alambic inspect model.atome"],
      reproduceCommands: ["alambic make \(corpus.name)"])
  }

  private func read(_ artifact: Artifact) throws -> [UInt8] {
    try AtomicFile.read(workspace.absolute(artifact.path ?? ""))
  }

  private func report(_ reports: [Artifact], suffix: String) throws -> [UInt8] {
    guard let artifact = reports.first(where: { $0.path?.hasSuffix(suffix) == true }) else {
      throw HintedError("the verification left no \(suffix) report", status: .internalFault)
    }
    return try read(artifact)
  }
}

/// What a bundle keeps of a receipt: what was made of what, and how; not when, how long or at which price, so that
/// equal work gives an equal bundle.
struct ShippedReceipt: Encodable {
  var stage: StageName
  var inputs: [Artifact]
  var outputs: [Artifact]
  var settings: [String: String]
  var version: String

  init(_ receipt: Receipt) {
    stage = receipt.stage
    inputs = receipt.inputs
    outputs = receipt.outputs
    settings = receipt.settings
    version = receipt.version
  }
}
