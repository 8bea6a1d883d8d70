import Basics
import Formats
import Foundation

/// A program that runs WebAssembly, and how it is made to answer vectors.
public enum WebAssemblyHost: String, Sendable, CaseIterable {
  case node
  case chromium

  /// Those of which a program is installed.
  public static func installed(_ toolbox: Toolbox = Toolbox()) -> [WebAssemblyHost] {
    allCases.filter { $0.program(toolbox) != nil }
  }

  private func program(_ toolbox: Toolbox) -> String? {
    let names =
      switch self {
      case .node: ["node", "nodejs"]
      case .chromium: ["chromium", "chromium-browser", "google-chrome"]
      }
    return names.first(where: toolbox.contains)
  }

  public var name: String { "C engine, WebAssembly in \(rawValue)" }

  /// - Parameters:
  ///   - model: an image that says its shape.
  ///   - folder: for the module and all in between; each host wants its own.
  /// - Throws: `HintedError` when a tool is missing, or the engine refuses the image.
  public func answer(
    _ vectors: VerificationVectors, model: [UInt8], firmwareFolder: String, in folder: String,
    toolbox: Toolbox = Toolbox(), timeLimit: Duration = .seconds(1800)
  ) async throws -> BuiltAnswer {
    guard let program = program(toolbox) else {
      throw HintedError(
        "\(rawValue) is not installed", hint: "sudo apt-get install --yes \(self == .node ? "nodejs" : "chromium")",
        status: .unavailable)
    }
    let module = try await WebAssemblyModule.build(firmwareFolder: firmwareFolder, in: folder, toolbox: toolbox)
    let run = WebAssemblyRun(
      program: program, module: module, model: model, vectors: vectors, folder: folder, toolbox: toolbox,
      timeLimit: timeLimit, place: name)
    let bytes = self == .node ? try await run.inNode() : try await run.inBrowser()
    return BuiltAnswer(
      transcript: try Transcript(reading: bytes, name: "the transcript of \(name)", answering: vectors),
      tools: [try await toolbox.version(of: "clang"), try await toolbox.version(of: program)], flags: module.flags,
      firmware: nil)
  }
}

/// One run of the module.
private struct WebAssemblyRun {
  var program: String
  var module: WebAssemblyModule
  var model: [UInt8]
  var vectors: VerificationVectors
  var folder: String
  var toolbox: Toolbox
  var timeLimit: Duration
  var place: String

  private static let replay = String(decoding: PackageResources.replay_js, as: UTF8.self)

  func inNode() async throws -> [UInt8] {
    let script = Self.replay + String(decoding: PackageResources.replay_node_js, as: UTF8.self)
    let paths = ["replay.cjs", "engine.wasm", "model.atome", "vectors.bin", "transcript.bin"].map { "\(folder)/\($0)" }
    try AtomicFile.write(script, to: paths[0])
    try AtomicFile.write(model, to: paths[2])
    try AtomicFile.write(vectors.bytes, to: paths[3])
    try? FileManager.default.removeItem(atPath: paths[4])
    let outcome = try await toolbox.run(
      program, paths + ["\(vectors.contextLength)"], in: folder, timeLimit: timeLimit)
    guard outcome.didSucceed else { throw RunnerFailure.error(of: outcome, on: place) }
    return try AtomicFile.read(paths[4])
  }

  /// The page holds all that it needs, and what it says is read from its document.
  func inBrowser() async throws -> [UInt8] {
    let page = "\(folder)/replay.html"
    try AtomicFile.write(html, to: page)
    // A sandbox inside a process of the superuser is refused by the browser.
    let sandbox = geteuid() == 0 ? ["--no-sandbox"] : []
    let outcome = try await toolbox.run(
      program,
      [
        "--headless", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
        "--user-data-dir=\(folder)/profile", "--dump-dom", URL(fileURLWithPath: page).absoluteString,
      ] + sandbox, in: folder, timeLimit: timeLimit, outputByteLimit: 1 << 29)
    try? FileManager.default.removeItem(atPath: "\(folder)/profile")
    guard let start = outcome.output.range(of: "[["), let end = outcome.output.range(of: "]]", options: .backwards)
    else {
      let reason = outcome.messages.split(whereSeparator: \.isNewline).last.map { ": \($0)" } ?? ""
      throw HintedError("\(place) did not finish its page\(reason)", status: .unavailable)
    }
    let parts = outcome.output[start.upperBound..<end.lowerBound].split(
      separator: "|", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "0", let bytes = Data(base64Encoded: String(parts[2])) else {
      throw HintedError("\(place) refuses: \(parts.dropFirst().first.map(String.init) ?? "no reason given")")
    }
    return Array(bytes)
  }

  private var html: String {
    func block(_ id: String, _ bytes: [UInt8]) -> String {
      "<script type=\"application/octet-stream\" id=\"\(id)\">\(Data(bytes).base64EncodedString())</script>\n"
    }
    let scripts = Self.replay + String(decoding: PackageResources.replay_page_js, as: UTF8.self)
    return "<!doctype html>\n<html data-context=\"\(vectors.contextLength)\"><meta charset=\"utf-8\"><body>\n"
      + block("module", module.bytes) + block("image", model) + block("vectors", vectors.bytes)
      + "<script>\n\(scripts)</script></body></html>\n"
  }
}
