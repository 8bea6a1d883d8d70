import Basics
import Formats

/// Seals a model with its evidence into one archive: docs/formats/bundle.md.
public struct Bundler: Sendable {
  public init() {}

  /// The bundle of these contents: equal contents give equal bytes.
  /// - Throws: `HintedError` for a missing part, or for a name or path that no bundle may have.
  public func seal(_ contents: BundleContents) throws -> SealedBundle {
    try checkParts(of: contents)
    let readme = BundleReadme(contents: contents).text
    let leading = [
      BundleFile(path: "README.txt", text: readme),
      BundleFile(path: ModelCard.fileName, bytes: contents.modelCard),
      BundleFile(path: "model.atome", bytes: contents.model),
      BundleFile(path: "report.json", bytes: contents.reportJSON),
      BundleFile(path: "report.html", bytes: contents.reportHTML),
      BundleFile(path: VerificationVectors.fileName, bytes: contents.vectors),
      BundleFile(path: PublishedTranscript.fileName, bytes: contents.transcript),
      BundleFile(path: BundleChecker.fileName, bytes: BundleChecker.program),
    ]
    let score = contents.scoreJSON.map { [BundleFile(path: Score.fileName, bytes: $0)] } ?? []
    let playground = contents.playground.map { [BundleFile(path: Playground.fileName, bytes: $0)] } ?? []
    let recipe = contents.recipeFiles.sorted { $0.path < $1.path }.map {
      BundleFile(path: "recipe/\($0.path)", bytes: $0.bytes)
    }
    let trailing = [
      BundleFile(path: "DATASHEET.md", bytes: contents.datasheet),
      BundleFile(path: "LICENSES.md", bytes: contents.licenses),
      BundleFile(path: ShippedReceipt.fileName, bytes: contents.receipts),
      BundleFile(path: Provenance.fileName, bytes: contents.provenance),
    ]
    return try SealedBundle(name: contents.name, files: leading + score + playground + recipe + trailing)
  }

  private func checkParts(of contents: BundleContents) throws {
    let parts = [
      ("model", contents.model), ("report (JSON)", contents.reportJSON), ("report (HTML)", contents.reportHTML),
      ("vectors", contents.vectors), ("transcript", contents.transcript), ("datasheet", contents.datasheet),
      ("licences", contents.licenses),
      ("receipts", contents.receipts), ("model card", contents.modelCard), ("provenance", contents.provenance),
      ("recipe", contents.recipeFiles.first?.bytes ?? []),
    ]
    for (name, bytes) in parts where bytes.isEmpty {
      throw HintedError(
        "the bundle '\(contents.name)' would have no \(name)",
        hint: "a bundle without it proves nothing; run the stage that makes it")
    }
  }
}
