import ArgumentParser
import Basics
import Conversation
import Firmware
import Formats
import Foundation
import Lineage
import Verification
import Vocabularies
import Workbench

/// `alambic verify`: the same bits everywhere, or the first place where they differ.
struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Compare every bit of every logit, and every token: Swift, C on the host, C on an emulated core.",
    discussion: """
      The first half of the prompts is continued greedily, the other half sampled (temperature 0.8,
      top k 40, top p 0.95), so that the sampler is proven too. Where the image has a vocabulary, texts
      are encoded and decoded as well: held-out documents of a corpus, or the prompts; random bytes; and
      the vocabulary's own strings, cut at random.

      With --rebuild, the bundle's model is made again from its recipe and the answers, which lie in the
      workspace's ledger or in --ledger, and the hash of each step is compared: answers, documents,
      shards, checkpoint, image. It says first how long that takes, and what may differ by machine.

      A bundle is proven again from itself: every hash, its own questions asked anew, and the answers
      compared with those that its report and transcript tell. Outside a checkout of Alambic there
      is nothing to build: then the two engines of this program answer, no compiler and no core.

      EXAMPLES
        alambic verify thermostat
        alambic verify model.atome --core all --json
        alambic verify model.atome --core wasm
        alambic verify thermostat-0123456789ab.alambic.tar --signed-by key.pub.pem
        alambic verify thermostat-0123456789ab.alambic.tar --rebuild --dry-run
        alambic verify foreign.atome --preset atome-944k --core cortex-m3 \\
          --prompts 4 --bytes 8 --json
      """.paragraphs)

  @Argument(
    help: ArgumentHelp("An .atome image, a bundle or its unpacked folder, or a corpus.", valueName: "file"),
    completion: .file())
  var subject: String
  @OptionGroup var shape: ShapeOptions
  @Option(
    help: ArgumentHelp(
      "The core: all (at -O2 and -Os; RISC-V and wasm where their tools are), riscv (its cores, the same), "
        + "\(Core.all.map(\.name).joined(separator: ", ")), "
        + "or wasm (WebAssembly in node and a browser).", valueName: "name"))
  var core: String?
  @Option(help: ArgumentHelp("How many prompts (default: 64).", valueName: "count"))
  var prompts: Int?
  @Option(help: ArgumentHelp("How many bytes each prompt is continued by (default: 32).", valueName: "count"))
  var bytes: Int?
  @Option(help: ArgumentHelp("The attention window, in positions (default: 64).", valueName: "positions"))
  var context: Int?
  @Option(
    help: ArgumentHelp("Take prompts from this text's lines instead of random bytes.", valueName: "file"),
    completion: .file())
  var data: String?
  @Option(
    name: .customLong("signed-by"),
    help: ArgumentHelp("The public key, in PEM, that must have signed the bundle.", valueName: "file"),
    completion: .file())
  var signedBy: String?
  @Option(
    help: ArgumentHelp("The bundle's signature (default: the folder's name and .sig, beside it).", valueName: "file"),
    completion: .file())
  var signature: String?
  @Flag(help: "Make the bundle's model again, and compare the hash of every step.")
  var rebuild = false
  @Flag(help: "With --rebuild, only say how long it takes.")
  var dryRun = false
  @Option(
    help: ArgumentHelp(
      "With --rebuild, the ledger that has the answers (default: the workspace's).", valueName: "file"),
    completion: .file())
  var ledger: String?
  @Option(
    name: .customLong("out"), help: ArgumentHelp("A folder for report.json and report.html.", valueName: "folder"))
  var output: String?
  @OptionGroup var common: CommonOptions

  func run() async throws {
    if rebuild { return try await rebuildBundle() }
    guard !dryRun, ledger == nil else {
      throw HintedError(
        "--dry-run and --ledger are for --rebuild", hint: "add --rebuild, or leave them out", status: .usage)
    }
    if isBundle { return try await verifyBundle() }
    guard signedBy == nil, signature == nil else {
      throw HintedError(
        "\(subject) is not a bundle, and only bundles are signed", hint: "leave out --signed-by and --signature",
        status: .usage)
    }
    if !FileManager.default.fileExists(atPath: subject), !subject.contains("/"), !subject.hasSuffix(".atome") {
      return try await verifyCorpus()
    }
    let image = try LoadedImage(path: subject, shape: try shape.requestedShape())
    let vectors = try vectors(image.vocabulary)
    var run = VerificationRun(
      image: image, vectors: vectors, cores: try cores(), optimizations: optimizations,
      firmware: try FirmwareFolder.locate(),
      buildFolder: common.place.firmwareBuild("verify-\(image.id.short)"))
    run.hosts = try hosts()
    try show(try await report(run))
  }

  /// Several cores at once are proven in both builds, and shown as a table.
  private var isGroup: Bool { core == "all" || core == "riscv" }
  var optimizations: [String] { isGroup ? EmulatedCore.optimizations : ["-O2"] }

  func cores() throws -> [Core] {
    switch core {
    case "all": Core.installed()
    case "riscv": Core.all.filter { $0.toolchain != .arm }
    case "wasm": []
    default: [try Core.named(core ?? Core.cortexM3.name)]
    }
  }

  /// With `all`, WebAssembly is left out where its tools are missing, as compilers are; the report says who answered.
  func hosts() throws -> [WebAssemblyHost] {
    guard core == "all" || core == "wasm" else { return [] }
    let toolbox = Toolbox()
    let installed = WebAssemblyHost.installed(toolbox)
    if core == "all" { return WebAssemblyModule.requiredTools.allSatisfy(toolbox.contains) ? installed : [] }
    guard !installed.isEmpty else {
      throw HintedError(
        "nothing here runs WebAssembly", hint: "sudo apt-get install --yes chromium, or nodejs", status: .unavailable)
    }
    return installed
  }

  /// A corpus is verified as its recipe says, so that its receipt tells the whole story.
  private func verifyCorpus() async throws {
    let isAsIs = [core, data, output].allSatisfy { $0 == nil } && [prompts, bytes, context].allSatisfy { $0 == nil }
    guard isAsIs else {
      throw HintedError(
        "the corpus \(subject) is verified as its recipe says; other options are for images",
        hint: "give the image: alambic verify \(common.place.image(subject)) and the options", status: .usage)
    }
    try await common.run(.verify, of: subject)
  }

  private func report(_ run: VerificationRun) async throws -> VerificationReport {
    let progress = progressSink()
    return try await run.run { progress($0, of: run.answerCount) }
  }

  func progressSink() -> ProgressSink {
    let renderer = EventRenderer(common)
    renderer.show(.started(.verify))
    return ProgressSink(stage: .verify) { renderer.show($0) }
  }

  /// Prompts are texts; the engines are asked in the image's tokens.
  private func vectors(_ vocabulary: Vocabulary) throws -> VerificationVectors {
    let (promptCount, byteCount, positions) = (prompts ?? 64, bytes ?? 32, context ?? 64)
    try Limits.check("--prompts", promptCount, in: 1...VerificationVectors.promptCountLimit)
    try Limits.check("--bytes", byteCount, in: 1...VerificationVectors.generatedByteCountLimit)
    try Limits.check("--context", positions, in: 1...VerificationVectors.contextLimit)
    let lines = try data.map { path in
      String(decoding: try AtomicFile.read(path), as: UTF8.self).split(separator: "\n").map(String.init)
    }
    let prompts =
      lines.map { VerificationPrompts.beginnings(of: $0, count: promptCount, seed: 0) }
      ?? VerificationPrompts.anyBytes(count: promptCount, seed: 0)
    let texts = lines.map { $0.map { Array($0.utf8) } } ?? prompts
    return try VerificationVectors(
      proving: prompts.map(vocabulary.encode),
      texts: VerificationTexts.proving(vocabulary, own: texts, seed: 0), generatedByteCount: byteCount,
      contextLength: positions)
  }

  func show(_ report: VerificationReport) throws {
    let page = try output.map { try ReportFiles.write(report, to: $0).page }
    if common.json {
      Output.text(try report.json)
    } else if report.verdict == .equal {
      Output.text(isGroup ? ContenderTable(report).text : report.summary)
      if isGroup, let texts = report.textSummary { Output.text("\n" + texts) }
    }
    guard report.verdict == .equal else { throw report.failure(see: page ?? "--out FOLDER for a report") }
  }
}
