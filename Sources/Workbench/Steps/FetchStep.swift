import Basics
import Foundation
import HTTPTransport
import Intake
import Lineage

/// `ask` for a corpus whose text is fetched rather than asked for: the file becomes one sample.
struct FetchStep: PipelineStep, SampleSource {
  let name = StageName.ask
  let source: Recipe.Source
  /// Where the text goes.
  let path: String
  /// A local file to take instead of fetching.
  let localFile: String?
  let workspace: Workspace

  var isForced: Bool { localFile != nil }

  func inputs(from receipts: [StageName: Receipt]) -> [Artifact] { [] }

  func settings() -> [String: String] {
    ["url": source.url, "sha256": source.sha256?.description ?? "unknown"]
  }

  func perform(inputs: StepInputs, progress: ProgressSink) async throws -> StepOutcome {
    if let localFile {
      try take(localFile)
    } else {
      try await HTTPClient().download(url: source.url, to: path, expectedSHA256: source.sha256) { state in
        progress(state.receivedByteCount, of: state.totalByteCount, "bytes")
      }
      try WholeText.check(try AtomicFile.read(path), named: source.url)
    }
    let artifact = try workspace.artifact(.samples, at: path)
    return StepOutcome(
      outputs: [artifact],
      summary: "\(ReadableUnits.bytes(artifact.byteCount)) from \(localFile ?? source.url) · \(artifact.id.short)")
  }

  private func take(_ file: String) throws {
    let bytes = try AtomicFile.read(file)
    let text = try WholeText.read(file)
    if let expected = source.sha256, ContentID(of: bytes) != expected {
      throw HintedError(
        "\(file): the file's hash is \(ContentID(of: bytes)), the recipe says \(expected)",
        hint: "take the file that the recipe means, or write its hash into the recipe")
    }
    try AtomicFile.write(text, to: path)
  }

  func samples(of artifact: Artifact) async throws -> [Sample] {
    let bytes = try AtomicFile.read(path)
    guard ContentID(of: bytes) == artifact.id else {
      throw HintedError("\(path) is not the text that `ask` left", hint: "run `alambic ask` again")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw HintedError("\(path) is not valid UTF-8", hint: "convert it with iconv, and take it with --from FILE")
    }
    return [
      Sample(
        promptID: ContentID(of: source.url), promptIndex: 0, text: text, finishReason: .stop, model: source.url)
    ]
  }
}
