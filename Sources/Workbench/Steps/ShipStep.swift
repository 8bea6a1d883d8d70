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
  /// Where the engine's sources are, for the page that talks.
  let firmware: String
  /// Where the page's module is built.
  let buildFolder: String
  /// Whoever said, judged or rewrote the texts.
  let teachers: [ShippedTeacher]
  /// What led to the image, from the first prompt to the report.
  var chain: [ShippedReceipt] = []
  /// What the steps counted.
  var figures: [StageName: [String: Double]] = [:]

  func building(on receipts: [StageName: Receipt]) -> Self {
    var step = self
    step.chain = StageName.allCases.filter { $0 < name }.compactMap { receipts[$0] }.map(ShippedReceipt.init)
    step.figures = receipts.mapValues(\.figures)
    return step
  }

  func inputs(from receipts: [StageName: Receipt]) throws -> [Artifact] {
    [try receipts.output(.atomeImage, of: .export), try receipts.output(.documents, of: .curate)]
      + (receipts[.evaluate]?.outputs ?? []) + (receipts[.verify]?.outputs ?? [])
  }

  /// The recipe's own files and the receipts are part of the bundle, so their bytes decide it too.
  func settings() throws -> [String: String] {
    let files = try corpus.files()
    return [
      "files": try ContentID(ofCanonical: files.map { [$0.path, ContentID(of: $0.bytes).description] }).description,
      "receipts": try ContentID(ofCanonical: chain).description,
      "teachers": try CanonicalJSON.text(teachers),
      "playground": PlaygroundExport.isPossible ? Playground.templateID.description : "none",
    ]
  }

  func perform(inputs: StepInputs, progress: ProgressSink) async throws -> StepOutcome {
    let bundle = try Bundler().seal(try await contents(inputs, progress))
    let path = "\(folder)/\(bundle.fileName)"
    try AtomicFile.write(try bundle.archive(), to: path)
    let artifact = try workspace.artifact(.bundle, at: path)
    return StepOutcome(
      outputs: [artifact], summary: "\(path), \(ReadableUnits.bytes(artifact.byteCount)) · \(artifact.id)")
  }

  private func contents(_ inputs: StepInputs, _ progress: ProgressSink) async throws -> BundleContents {
    let image = try inputs.bytes(.atomeImage)
    let page = try await page(of: image, progress)
    for name in CorpusFolder.evidenceNames { try remind(of: name, progress) }
    let files = try corpus.files().filter { !CorpusFolder.evidenceNames.contains($0.path) }
    let reportJSON = try self.report(inputs, ".json")
    let report = try VerificationReport(reading: reportJSON, name: "report.json")
    let provenance = Provenance(
      corpus: corpus.name, image: image, recipeFiles: files, teachers: teachers, receipts: chain, report: report)
    return BundleContents(
      name: corpus.name, summary: corpus.recipe.description, model: image, reportJSON: reportJSON,
      reportHTML: try self.report(inputs, ".html"),
      vectors: try inputs.bytes(.vectors), transcript: try inputs.bytes(.transcript),
      scoreJSON: inputs.all(.score).isEmpty ? nil : try inputs.bytes(.score),
      playground: page.map { Array($0.utf8) },
      recipeFiles: files,
      datasheet: try corpus.evidence("DATASHEET.md"), licenses: try corpus.evidence("LICENSES.md"),
      receipts: Array(try CanonicalJSON.pretty(chain).utf8), modelCard: Array(try card(inputs, report).text.utf8),
      provenance: Array(try provenance.json.utf8),
      runCommands: ["alambic talk model.atome --prompt \"…\"", "alambic inspect model.atome"],
      reproduceCommands: ["alambic make \(corpus.name)"])
  }

  private func remind(of name: String, _ progress: ProgressSink) throws {
    guard let places = UnwrittenPlaces(in: String(decoding: try corpus.evidence(name), as: UTF8.self)) else { return }
    progress.say(
      "\(name) still has \(places.count) place\(places.count == 1 ? "" : "s") to be written, such as "
        + "\(places.first.prefix(72))")
  }

  /// Nil where its compiler is missing: a bundle proves as much without it.
  private func page(of image: [UInt8], _ progress: ProgressSink) async throws -> String? {
    guard PlaygroundExport.isPossible else {
      progress.say("no page that talks in this bundle: clang and wasm-ld would make it (a Swift toolchain has both)")
      return nil
    }
    return try await PlaygroundExport(
      corpus: corpus, shards: workspace.shards(corpus.name), firmware: firmware, buildFolder: buildFolder
    ).html(image)
  }

  /// A report has two forms, told apart by how their names end.
  private func report(_ inputs: StepInputs, _ suffix: String) throws -> [UInt8] {
    guard let artifact = inputs.all(.report).first(where: { $0.path?.hasSuffix(suffix) == true }) else {
      throw HintedError("the verification left no \(suffix) report", status: .internalFault)
    }
    return try AtomicFile.read(inputs.path(of: artifact))
  }
}
