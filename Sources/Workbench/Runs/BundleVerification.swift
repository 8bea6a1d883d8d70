import Basics
import Conversation
import Firmware
import Formats
import Networks
import Shipping
import Verification

/// Proves a bundle again from nothing but the bundle: its own image is asked its own questions, and the answers must be
/// those that its report and its transcript tell. The engine's sources come from elsewhere, never from the bundle,
/// since what is built is run.
public struct BundleVerification: Sendable {
  public let bundle: SealedBundle
  public let image: LoadedImage
  public let vectors: VerificationVectors
  private let name: String
  private let sealed: VerificationReport
  private let transcript: PublishedTranscript

  /// Reads and checks all files, and that they speak of one image and one set of questions.
  /// - Parameter path: an archive, or the folder that it unpacks to.
  /// - Throws: `HintedError` that names the file that is damaged or does not fit the others.
  public init(_ path: String) throws {
    let bundle = try BundleReader.read(path)
    func file(_ name: String) throws -> (bytes: [UInt8], name: String) {
      guard let file = bundle.files.first(where: { $0.path == name }) else {
        throw HintedError(
          "\(path): no '\(name)', so there is nothing to prove it by",
          hint: "an earlier version of alambic sealed it; make it again with this one")
      }
      return (file.bytes, "\(path): \(name)")
    }
    let model = try file("model.atome")
    image = try LoadedImage(model.bytes, path: model.name)
    let report = try file("report.json")
    sealed = try VerificationReport(reading: report.bytes, name: report.name)
    let questions = try file(VerificationVectors.fileName)
    vectors = try VerificationVectors(reading: questions.bytes, name: questions.name)
    let excerpt = try file(PublishedTranscript.fileName)
    transcript = try PublishedTranscript(reading: excerpt.bytes, name: excerpt.name)
    let provenance = try bundle.files.first { $0.path == Provenance.fileName }.map {
      try Provenance(reading: $0.bytes, name: "\(path): \($0.path)")
    }
    (self.bundle, name) = (bundle, path)
    try check(sealed.verdict == .equal, "report.json", "its verdict is \(sealed.verdict.rawValue)")
    try check(sealed.image.id == image.id, "report.json", "it is about another image than model.atome")
    try check(
      sealed.vectors == VerificationReport.Vectors(vectors), VerificationVectors.fileName,
      "these are not the questions of report.json")
    // Bundles of earlier versions have none.
    try check(
      provenance?.isAbout(image.id) ?? true, Provenance.fileName, "it is about another image than model.atome")
  }

  /// Asks every engine at hand, and compares with what the bundle says.
  /// - Parameter firmware: where the engine's sources are; nil to ask the engines of this program alone.
  /// - Throws: `HintedError` that names the file that says otherwise; a contender's difference is in the report.
  public func run(
    cores: [Core], firmware: String?, buildFolder: String, hosts: [WebAssemblyHost] = [], optimizations: [String],
    progress: @escaping @Sendable (Verifier.Event, _ total: Int) -> Void
  ) async throws -> VerificationReport {
    let again = try PublishedTranscript(of: image.bytes, name: image.path, answering: vectors)
    try check(
      again == transcript, PublishedTranscript.fileName,
      "model.atome gives other answers, the first at number \(again.firstDifference(from: transcript))")
    var run = VerificationRun(
      image: image, vectors: vectors, cores: cores, optimizations: optimizations, firmware: firmware,
      buildFolder: buildFolder)
    run.hosts = hosts
    let total = run.answerCount
    let report = try await run.run { progress($0, total) }
    try check(
      report.reference.transcriptID == sealed.reference.transcriptID, "report.json",
      "model.atome gives another transcript to vectors.bin than the report tells")
    return report
  }

  private func check(_ holds: Bool, _ file: String, _ problem: String) throws {
    guard !holds else { return }
    throw HintedError(
      "\(name): '\(file)': \(problem)", hint: "its files are whole, but they do not prove this model: do not use it",
      status: .answerIsNo)
  }
}

extension PublishedTranscript {
  /// From 0; the count of answers where another field differs.
  fileprivate func firstDifference(from other: PublishedTranscript) -> Int {
    zip(answers, other.answers).enumerated().first { $0.element.0 != $0.element.1 }?.offset
      ?? min(answers.count, other.answers.count)
  }
}
