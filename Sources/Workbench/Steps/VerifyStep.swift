import Basics
import Conversation
import Firmware
import Formats
import Lineage
import Networks
import Verification
import Vocabularies

/// An image to a report: equal in every bit, or where it is not.
struct VerifyStep: PipelineStep {
  let name = StageName.verify
  let section: Recipe.Verification
  /// Where the report goes.
  let folder: String
  let buildFolder: String
  let firmware: String
  let workspace: Workspace

  /// T: prompts of up to 32 bytes and as many generated ones.
  static let contextLength = 64

  func inputs(from receipts: [StageName: Receipt]) throws -> [Artifact] {
    [try receipts.output(.atomeImage, of: .export), try receipts.output(.documents, of: .curate)]
      + (receipts[.evaluate]?.outputs ?? [])
  }

  func settings() -> [String: String] {
    [
      "promptCount": String(section.promptCount), "byteCount": String(section.byteCount), "core": section.core,
      "contextLength": String(Self.contextLength), "sampling": "\(Sampling.proving)",
      "textByteCounts": [
        VerificationTexts.ownByteCount, VerificationTexts.randomByteCount, VerificationTexts.splicedByteCount,
      ].map(String.init).joined(separator: ","),
      "transcript": "\(PublishedTranscript.answerCount),\(PublishedTranscript.generatedByteCount)",
    ]
  }

  func perform(inputs: StepInputs, progress: ProgressSink) async throws -> StepOutcome {
    let image = try inputs.image()
    let vectors = try vectors(for: image, documents: try inputs.documents())
    let run = VerificationRun(
      image: image, vectors: vectors,
      cores: [try Core.named(section.core)], firmware: firmware, buildFolder: buildFolder)
    let report = try await run.run { progress($0, of: run.answerCount) }
    let paths = try ReportFiles.write(report, score: try inputs.score(), to: folder)
    guard report.verdict == .equal else { throw report.failure(see: paths.page) }
    return StepOutcome(
      outputs: [
        try workspace.artifact(.report, at: paths.json), try workspace.artifact(.report, at: paths.page),
      ] + (try questions(vectors, about: image)), summary: report.summary, figures: report.figures)
  }

  /// The questions, and an excerpt of the answers for other people's programs: the bundle takes both along.
  private func questions(_ vectors: VerificationVectors, about image: LoadedImage) throws -> [Artifact] {
    let excerpt = try PublishedTranscript(of: image.bytes, name: image.path, answering: vectors)
    let paths = (
      vectors: "\(folder)/\(VerificationVectors.fileName)", excerpt: "\(folder)/\(PublishedTranscript.fileName)"
    )
    try AtomicFile.write(vectors.bytes, to: paths.vectors)
    try AtomicFile.write(try excerpt.json, to: paths.excerpt)
    return [
      try workspace.artifact(.vectors, at: paths.vectors), try workspace.artifact(.transcript, at: paths.excerpt),
    ]
  }

  /// Prompts are beginnings of held-out texts, in the image's tokens; the texts are also encoded whole.
  private func vectors(for image: LoadedImage, documents: [Document]) throws -> VerificationVectors {
    let heldOut = documents.filter { $0.split == .heldOut }
    return try VerificationVectors(
      proving: VerificationPrompts.beginnings(of: heldOut.map(\.text), count: section.promptCount, seed: 0)
        .map(image.vocabulary.encode),
      texts: VerificationTexts.proving(image.vocabulary, own: heldOut.map { Array($0.text.utf8) }, seed: 0),
      generatedByteCount: section.byteCount, contextLength: Self.contextLength)
  }
}

/// The two forms of a report.
public enum ReportFiles {
  /// Writes `report.json` and `report.html`.
  public static func write(
    _ report: VerificationReport, score: Score? = nil, to folder: String
  ) throws -> (json: String, page: String) {
    let paths = (json: "\(folder)/report.json", page: "\(folder)/report.html")
    try AtomicFile.write(report.json, to: paths.json)
    try AtomicFile.write(ReportPage(report, score: score).html, to: paths.page)
    return paths
  }
}

extension ProgressSink {
  /// Which answer a verification waits for.
  public func callAsFunction(_ event: Verifier.Event, of total: Int) {
    guard case .started(let name) = event else { return }
    emit(.progress(stage, done: 0, total: nil, unit: "differences", note: name))
  }
}
