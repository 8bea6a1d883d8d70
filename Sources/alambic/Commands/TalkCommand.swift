import ArgumentParser
import Basics
import Firmware
import Foundation
import Lineage
import Workbench

/// `alambic talk`: a prompt in, the model's continuation out.
struct TalkCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "talk",
    abstract: "Let a model continue a prompt, on the bench or on an emulated core.",
    discussion: """
      Greedy unless --temperature is given: the most probable byte each time. Either way the same
      prompt and options give the same bytes, from every engine; another --seed gives others.
      Without --prompt, each line of standard input is a prompt. Text may grow beyond the context:
      the oldest positions are then forgotten.

      EXAMPLES
        alambic talk model.atome --prompt "> set the kitchen to 20" --bytes 80
        alambic talk model.atome --prompt Once --temperature 0.8 --top-k 40 --seed 7
        alambic talk model.atome --prompt-hex 3e20 --json --logits --engine qemu
      """)

  /// Where the model runs.
  enum Engine: String, CaseIterable, ExpressibleByArgument { case swift, c, qemu }

  @OptionGroup var image: ImageOptions
  @Option(help: ArgumentHelp("The text to continue.", valueName: "text"))
  var prompt: String?
  @Option(help: ArgumentHelp("The bytes to continue, as hexadecimal digits.", valueName: "hex"))
  var promptHex: String?
  @Option(help: ArgumentHelp("How many bytes to generate.", valueName: "count"))
  var bytes = 80
  @Option(help: ArgumentHelp("The attention window, in positions.", valueName: "positions"))
  var context = 64
  @Option(help: "The engine: the Swift reference, the C engine, or the C engine on an emulated Cortex-M3.")
  var engine = Engine.swift
  @OptionGroup var sampling: SamplingOptions
  @Flag(help: "With --json: the 256 logits at the prompt's last byte, as numbers and as bits.")
  var logits = false
  @Flag(help: "Stop at the byte that ends a document.")
  var stop = false
  @OptionGroup var common: CommonOptions

  func run() async throws {
    try Limits.check("--bytes", bytes, in: 0...1_000_000)
    try Limits.check("--context", context, in: 1...65_536)
    let requested = try sampling.requested()
    let image = try image.load()
    let talker = Talker(image: image, context: context, place: try place(), sampling: requested)
    if let prompt = try promptBytes() {
      try await answer(prompt, with: talker, requested)
    } else {
      while let line = readLine() {
        if !line.isEmpty { try await answer(Array(line.utf8), with: talker, requested) }
      }
    }
  }

  private func answer(_ prompt: [UInt8], with talker: Talker, _ requested: Sampling?) async throws {
    let continuation = try await talker.answer(prompt, byteCount: bytes, stop: stopByte, wantsLogits: logits)
    try show(continuation, to: prompt, requested, talker.logitKind)
  }

  private var stopByte: UInt8? { stop ? Document.separatorByte : nil }

  private func place() throws -> Talker.Place {
    switch engine {
    case .swift: return .host(.swift)
    case .c: return .host(.c)
    case .qemu:
      return .emulated(
        .cortexM3, firmware: try ProjectFolders.locate().firmware, buildFolder: common.place.firmwareBuild("talk"))
    }
  }

  private func promptBytes() throws -> [UInt8]? {
    switch (prompt, promptHex) {
    case (nil, nil): return nil
    case (let text?, nil): return Array(text.utf8)
    case (nil, let digits?):
      guard let bytes = [UInt8](hexString: digits) else {
        throw HintedError(
          "--prompt-hex: '\(digits)' is not a row of two-digit hexadecimal bytes", hint: "for example 3e20 for '> '",
          status: .usage)
      }
      return bytes
    case (_?, _?):
      throw HintedError("--prompt and --prompt-hex both give a prompt", hint: "give one of them", status: .usage)
    }
  }

  private struct Answer: Encodable {
    var schema = "alambic.talk/1"
    var engine: String
    var context: Int
    var sampling: Sampling?
    var prompt: [UInt8]
    var output: [UInt8]
    var text: String
    var logits: [Float]?
    var logitBits: [String]?
  }

  private func show(
    _ continuation: Continuation, to prompt: [UInt8], _ requested: Sampling?, _ kind: LogitKind
  ) throws {
    guard common.json else { return Output.text(continuation.text) }
    let shown = logits ? continuation.promptLogits : nil
    try Output.json(
      Answer(
        engine: engine.rawValue, context: context, sampling: requested, prompt: prompt, output: continuation.output,
        text: continuation.text, logits: shown,
        logitBits: shown?.map { String(format: "%08x", kind.bits(of: $0)) }))
  }
}
