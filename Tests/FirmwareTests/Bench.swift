import Basics
import Export
import Firmware
import Formats
import Foundation
import Lineage
import Model
import Networks
import TestSupport
import Testing
import Vocabularies

/// A small student of either engine, what it is asked, and what a board must say: computed by the Swift twin of the
/// engine, which knows nothing of the program on the board.
struct Bench: Sendable, CustomTestStringConvertible {
  /// What the engine computes with, as the board says it.
  var arithmetic: String
  var image: [UInt8]
  var vocabulary = Vocabulary.bytes
  /// Of a classifier, which says a label and no text.
  var head: LabelHead?
  /// Of a classifier: nats in a logit of 1.
  var logitScale = 1.0
  /// The engine's Swift twin.
  var reference: @Sendable () throws -> any LogitSource

  var testDescription: String { vocabulary.isIdentity ? arithmetic : "\(arithmetic), a vocabulary" }

  static let prompt = Array("> set the hall to 19".utf8)
  static let lines = ["is it warm?", "", "Ü"]
  /// Shorter than the texts, so that the window turns over.
  static let contextLength = 12
  static let textByteLimit = 24
  static let imageName = "0123456789ab"
  static let firmwareFolder = "\(PackageRoot.path)/firmware"
  private static let model = RandomModel.make(
    seed: 23, shape: AtomeShape(modelWidth: 16, layerCount: 2, headWidth: 4, topK: 4, kernelSize: 5))

  static let float = Bench(arithmetic: "float32", image: AtomeImageFile.write(model, provenance: nil)) {
    try ReferenceEngine(model: model, contextLength: contextLength)
  }

  /// The same in ATOME02.
  static let packed = Bench(
    arithmetic: "float32", image: AtomeImageFile.write(model, packing: .atome02, provenance: nil),
    reference: float.reference)

  static var integer: Bench {
    get throws {
      let calibration = try Calibration(of: model, on: prompt + prompt, window: 16)
      let quantised = try IntegerQuantiser(model, calibration: calibration, cache: .int8).quantised()
      return Bench(arithmetic: "integers", image: IntegerImageFile.write(quantised, provenance: nil)) {
        try IntegerEngine(model: quantised, contextLength: contextLength)
      }
    }
  }

  /// Strings that the prompt and a line end inside of, and others that the model may say.
  static var strings: Vocabulary {
    get throws {
      let strings = [" the", " warm", "19.5", "?!", "ab", "is it"]
      return try Vocabulary(
        strings: Dictionary(uniqueKeysWithValues: zip((0x80 as UInt8)...0xFE, strings.map { Array($0.utf8) })),
        unknownToken: 0xFF)
    }
  }

  static var withVocabulary: Bench {
    get throws {
      let vocabulary = try strings
      let image = AtomeImageFile.write(
        model, vocabulary: vocabulary, trainedContext: contextLength, provenance: nil)
      return Bench(arithmetic: "float32", image: image, vocabulary: vocabulary, reference: float.reference)
    }
  }

  static var all: [Bench] { get throws { [float, try integer, try withVocabulary] } }

  static var compact: Bench {
    let model = RandomModel.makeCompact(seed: 6, shape: RandomModel.smallCompact)
    return Bench(arithmetic: "compact", image: CompactImageFile.write(model, provenance: nil)) {
      try CompactIntegerEngine(model: model, contextLength: contextLength)
    }
  }

  static func settings(_ board: DevelopmentBoard) -> TalkingFirmware.Settings {
    .init(board: board, prompt: prompt, contextLength: contextLength, textByteLimit: textByteLimit)
  }

  /// Builds the student's firmware and hands it on with the folder that it was built in.
  func withFirmware(
    for board: DevelopmentBoard, _ body: (TalkingFirmware, String) async throws -> Void
  ) async throws {
    try await withTemporaryFolder { folder in
      try await body(try await build(for: board, in: folder), folder)
    }
  }

  func build(
    for board: DevelopmentBoard, firmwareFolder: String = firmwareFolder, in folder: String
  ) async throws -> TalkingFirmware {
    try await TalkingFirmware.build(
      model: image, name: Self.imageName, settings: Self.settings(board), firmwareFolder: firmwareFolder, in: folder)
  }

  /// Everything that a board says: times left out, or those of a timer by which each step takes a microsecond.
  func speech(on board: DevelopmentBoard, lines: [String] = [], isTimed: Bool = false) throws -> [UInt8] {
    let banner =
      "# alambic on \(board): image \(Self.imageName), \(arithmetic), "
      + "d_model=16,n_layers=2,d_head=4,top_k=4,kernel=5, context \(Self.contextLength)\n"
    return try Array(banner.utf8)
      + ([Self.prompt] + lines.map { Array($0.utf8) }).flatMap {
        try text(continuing: $0, isTimed: isTimed)
      }
  }

  private func text(continuing prompt: [UInt8], isTimed: Bool) throws -> [UInt8] {
    var said = try continuation(of: prompt)
    if said.text.last != UInt8(ascii: "\n") { said.text.append(UInt8(ascii: "\n")) }
    let times = isTimed ? Self.times(stepCount: said.stepCount, byteCount: said.readByteCount) : ""
    return prompt + said.text + Array("# \(said.stepCount) steps\(times)\n".utf8)
  }

  /// What the student says to a prompt, how many tokens it reads, and how many bytes of text these stand for.
  func continuation(of prompt: [UInt8]) throws -> (text: [UInt8], stepCount: Int, readByteCount: Int) {
    var engine = try reference()
    var (stepCount, readByteCount) = (0, 0)
    var next: UInt8 = 0
    var logits: [Float] = []
    func read(_ token: UInt8) throws {
      logits = try engine.step(token)
      next = greedyByte(logits)
      stepCount += 1
      readByteCount += max(1, vocabulary.tokens[Int(token)].count)
    }
    var encoder = TokenEncoder(vocabulary)
    var tokens: [UInt8] = []
    encoder.put(prompt.isEmpty ? [Document.separatorByte] : prompt, to: &tokens)
    if tokens.isEmpty { encoder.finish(to: &tokens) }
    for token in tokens { try read(token) }
    var healing = Healing(vocabulary, rest: encoder.pending)
    var (text, room) = ([UInt8](), Self.textByteLimit)
    while room > 0 {
      if !healing.isDone {
        let allowed = (0...255).filter { healing.allows(UInt8($0)) }
        next = UInt8(allowed.max { logits[$0] < logits[$1] || logits[$0] == logits[$1] && $0 > $1 } ?? 0)
      }
      if next == Document.separatorByte { break }
      let said = healing.consume(next)
      text += said.prefix(room)
      room -= vocabulary.tokens[Int(next)].isEmpty ? 1 : said.count
      if room > 0 { try read(next) }
    }
    return (text, stepCount, readByteCount)
  }

  /// Of less than a second; the rate is of text, whose bytes are more than its tokens.
  private static func times(stepCount: Int, byteCount: Int) -> String {
    let tenths = byteCount * 10_000_000 / stepCount
    let microseconds = String(1_000_000 + stepCount).dropFirst()
    return " in 0.\(microseconds) s: \(tenths / 10).\(tenths % 10) bytes/s"
  }

  /// What a board said, times left out, as expected.txt has it.
  static func withoutTimes(_ said: [UInt8]) -> [UInt8] {
    let times = #/^(# \d+ steps) in \d+\.\d{6} s: \d+\.\d bytes\/s$/#
    return Array(
      said.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
        String(validating: line, as: UTF8.self)?.wholeMatch(of: times).map { Array($0.1.utf8) } ?? Array(line)
      }.joined(separator: [UInt8(ascii: "\n")]))
  }
}

extension Trait where Self == ConditionTrait {
  /// Skips what builds firmware where the tools for that are missing, and says so.
  static func needs(_ tools: [String]) -> ConditionTrait {
    .enabled("needs \(tools.joined(separator: ", "))") { tools.allSatisfy { Toolbox().contains($0) } }
  }
}
