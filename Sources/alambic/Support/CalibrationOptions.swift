import ArgumentParser
import Basics
import Conversation
import Model
import Workbench

/// `alambic evaluate --calibration`: what router entropy is worth.
struct CalibrationOptions: ParsableArguments {
  @Flag(help: "Compare the routers' entropy with the loss and with the softmax's confidence; Swift engine.")
  var calibration = false
  @Option(
    help: ArgumentHelp("With --calibration: a text of another kind.", valueName: "file"), completion: .file())
  var outOfDomain: String?
  @Option(help: ArgumentHelp("With --calibration: bootstrap samples of the intervals.", valueName: "count"))
  var resamples = 1000
  @Option(help: ArgumentHelp("With --calibration: the seed of these samples.", valueName: "number"))
  var bootstrapSeed: UInt64 = 0
  @Option(
    help: ArgumentHelp("With --calibration: write the figures as a page.", valueName: "file"), completion: .file())
  var page: String?

  /// - Throws: `HintedError` for options that have no use.
  func check(_ engine: HostEngine) throws {
    try Limits.check("--resamples", resamples, in: 1...1_000_000)
    guard calibration else {
      for (flag, isGiven) in [("--out-of-domain", outOfDomain != nil), ("--page", page != nil)] where isGiven {
        throw HintedError("\(flag) requires --calibration", hint: "add --calibration", status: .usage)
      }
      return
    }
    guard engine == .swift else {
      throw HintedError(
        "--calibration needs the Swift engine: the C engine does not show its routers", hint: "leave --engine out",
        status: .usage)
    }
  }

  func run(
    _ image: LoadedImage, data: String, first: Int?, window: Int?, threadCount: Int?, json: Bool
  ) async throws {
    let read = { (path: String) in
      (
        name: path.split(separator: "/").last.map(String.init) ?? path,
        bytes: Array(try PlainTextFile.read(path).prefix(first ?? .max))
      )
    }
    let study = try await image.routerStudy(
      inDomain: try read(data), outOfDomain: try outOfDomain.map(read), window: window,
      bootstrap: BootstrapSettings(resamples: resamples, seed: bootstrapSeed), threadCount: threadCount)
    let page = RouterEntropyPage(study)
    if let path = self.page { try AtomicFile.write(page.text, to: path) }
    if json { try Output.json(RouterStudyAnswer(study: study)) } else { Output.text(page.table) }
  }
}

/// What `evaluate --calibration --json` prints.
private struct RouterStudyAnswer: Encodable {
  var schema = "alambic.calibration/2"
  var study: RouterStudy

  private enum CodingKeys: CodingKey { case schema }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(schema, forKey: .schema)
    try study.encode(to: encoder)
  }
}
