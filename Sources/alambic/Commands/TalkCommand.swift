import ArgumentParser
import Basics
import Console
import Conversation
import Firmware
import Foundation
import Networks
import Workbench

/// `alambic talk`: a prompt in, the model's continuation out.
struct TalkCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "talk",
    abstract: "Let a model continue a prompt, on the bench or on an emulated core.",
    discussion: """
      Greedy unless --temperature is given: the most probable byte each time. Either way the same
      prompt and options give the same bytes, from every engine; another --seed gives others.
      Without --prompt, a terminal becomes a talk: lines can be edited, /help lists instructions, and
      an answer ends with its document.
      From a pipe each line is a prompt and each answer a line on standard output; both are bytes as
      they are, whatever their encoding, and an empty line has an empty answer. Every prompt
      starts from an empty state. Text may grow beyond the context: the oldest positions are then
      forgotten.

      With --dialogue a prompt is a request. The model reads it as a line of a dialogue, between its
      marks, and the answer is the line of its reply.

      A checkpoint talks, too: an atome model as it would be exported, and a plain GPT, in Swift
      only. A GPT has no routers, so no entropy; its context is what it was trained on.

      --abstain-above says nothing but `(not sure)`, on standard error, where the routers' entropy
      over an answer's first bytes is larger; with --prompt the exit status is then 1.

      EXAMPLES
        alambic talk model.atome
        alambic talk model.atome --dialogue
        alambic talk model.atome --dialogue --prompt "set the kitchen to 20"
        alambic talk model.atome --prompt Once --temperature 0.8 --seed 7
        alambic talk model.atome --prompt Once --entropy --abstain-above 0.8
        alambic talk gpt.checkpoint --prompt Once
        alambic talk model.atome --prompt-hex 3e20 --json --logits --engine qemu
      """.paragraphs)

  @OptionGroup var image: ImageOptions
  @Option(help: ArgumentHelp("The text to continue.", valueName: "text"))
  var prompt: String?
  @Option(help: ArgumentHelp("The bytes to continue, as hexadecimal digits.", valueName: "hex"))
  var promptHex: String?
  @Option(help: ArgumentHelp("How many bytes to generate.", valueName: "count"))
  var bytes = 80
  @Option(
    help: ArgumentHelp(
      "The attention window, in positions (default: what the model was trained with, or 64).", valueName: "positions"))
  var context: Int?
  @Option(help: "The engine: the Swift reference, the C engine, or the C engine on an emulated Cortex-M3.")
  var engine = TalkSettings.Engine.swift
  @OptionGroup var sampling: SamplingOptions
  @Flag(help: "With --json: the 256 logits at the prompt's last byte, as numbers and as bits.")
  var logits = false
  @Flag(help: "Stop at the byte that ends a document.")
  var stop = false
  @Flag(help: "A prompt is a request of a dialogue, and the answer is the line of its reply.")
  var dialogue = false
  @OptionGroup var marks: DialogueOptions
  @Flag(help: "Show, on standard error, how undecided each layer's router was at each byte; Swift engine.")
  var entropy = false
  @Option(
    help: ArgumentHelp(
      "Say nothing where the routers' mean entropy, 0 to 1, is above this; Swift engine.", valueName: "entropy"))
  var abstainAbove: Double?
  @Option(help: ArgumentHelp("How many of an answer's first bytes --abstain-above looks at.", valueName: "count"))
  var abstainBytes = 16
  @OptionGroup var common: CommonOptions

  func run() async throws {
    try Limits.check("--bytes", bytes, in: TalkSettings.byteCounts)
    if let context { try Limits.check("--context", context, in: 1...65_536) }
    var settings = TalkSettings(
      engine: engine, sampling: try sampling.requested(), bytes: bytes, stop: stop, entropy: entropy,
      abstention: try abstention(), dialogue: dialogue ? marks.marks : nil)
    guard dialogue || marks.marks == DialogueMarks() else {
      throw HintedError(
        "--request-mark and --reply-mark are of a dialogue's lines", hint: "add --dialogue", status: .usage)
    }
    try settings.checkRouters()
    let model = try image.loadModel()
    try model.check(settings)
    let context = context ?? model.defaultContext
    let prompt = try promptBytes()
    if prompt == nil, !common.json, TerminalInput.isInteractive() {
      // What a person would see behind a document's end is the beginning of another.
      settings.stop = true
      let transcript = TalkTranscript(model: model.id, context: context)
      return try await TalkSession(settings, transcript: transcript, note: model.note) {
        Talker(model: model, context: context, place: try place($0))
      }.run()
    }
    let talker = Talker(model: model, context: context, place: try place(engine))
    if let prompt {
      if try await answer(prompt, with: talker, settings).isAbstention { throw ExitStatus.answerIsNo }
    } else {
      var lines = InputLines()
      while let line = try lines.next() { _ = try await answer(line, with: talker, settings, isLine: true) }
    }
  }

  /// - Parameter isLine: whether it stands among others: an empty one then has an empty answer, since a model says
  ///   nothing before it has read a byte, so that answers and lines stay in step.
  private func answer(
    _ prompt: [UInt8], with talker: Talker, _ settings: TalkSettings, isLine: Bool = false
  ) async throws -> Continuation {
    var request = try settings.request()
    request.wantsLogits = logits
    let isSilent = isLine && prompt.isEmpty
    let prompt = isSilent ? [] : try settings.prompt(prompt)
    let continuation = isSilent ? Continuation(output: []) : try await talker.answer(prompt, request)
    try show(continuation, to: prompt, try settings.sampling(), talker)
    return continuation
  }

  private func abstention() throws -> Abstention? {
    guard let abstainAbove else { return nil }
    guard (0...1).contains(abstainAbove) else {
      throw HintedError(
        "--abstain-above is \(abstainAbove), outside 0…1", hint: "choose a value in that range", status: .usage)
    }
    try Limits.check("--abstain-bytes", abstainBytes, in: 1...1_000_000)
    return Abstention(limit: abstainAbove, byteCount: abstainBytes)
  }

  /// What stands for an answer that is not given.
  static func notSure(_ continuation: Continuation) -> String {
    let doubt = continuation.doubt.map { ": router entropy \($0.rounded(toPlaces: 3))" } ?? ""
    return "(not sure)\(doubt)"
  }

  private func place(_ engine: TalkSettings.Engine) throws -> Talker.Place {
    switch engine {
    case .swift: return .host(.swift)
    case .c: return .host(.c)
    case .qemu:
      return .emulated(
        .cortexM3, firmware: try FirmwareFolder.locate(), buildFolder: common.place.firmwareBuild("talk"))
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
    /// By byte, by layer.
    var routerEntropies: [[Double]]?
    var doubt: Double?
    var isAbstention: Bool?
  }

  private func show(
    _ continuation: Continuation, to prompt: [UInt8], _ requested: Sampling?, _ talker: Talker
  ) throws {
    guard common.json else { return showText(continuation) }
    let shown = logits ? continuation.promptLogits : nil
    try Output.json(
      Answer(
        engine: engine.rawValue, context: talker.context, sampling: requested, prompt: prompt,
        output: continuation.output,
        text: continuation.text, logits: shown,
        logitBits: shown?.map { String(format: "%08x", talker.logitKind.bits(of: $0)) },
        routerEntropies: continuation.routerEntropies, doubt: continuation.doubt,
        isAbstention: abstainAbove == nil ? nil : continuation.isAbstention))
  }

  /// An abstention is an empty line, so that answers and prompts stay in step.
  private func showText(_ continuation: Continuation) {
    Output.line(continuation.output)
    if continuation.isAbstention { StandardStream.say(Self.notSure(continuation) + "\n") }
    if let entropies = continuation.routerEntropies, !continuation.isAbstention {
      StandardStream.say(EntropyBars.map(continuation.output, entropies, on: .standardError()) + "\n")
    }
  }
}

extension TalkSettings.Engine: ExpressibleByArgument {}
