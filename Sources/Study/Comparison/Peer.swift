import Basics
import Conversation
import Firmware
import Formats
import Model
import Networks

/// A model of others: trained elsewhere, on other text, and measured on a comparison's test at a context of its own.
public struct Peer: Sendable {
  public var name: String
  public var file: ModelFile
  /// Of windows; nil for what the file says, or its engine's default.
  public var window: Int?
  /// What is left out of the text with its line end: a mark between documents that the model never read.
  public var omitted: String?
  /// Of a llama2.c model's tokens.
  private var tokenByteCount = 0

  private static let options = ["preset", "tokenizer", "window", "without"]
  private static let example = "stories260K.bin,tokenizer=tok512.bin, or foreign.atome,preset=atome-944k,window=256"

  /// Reads `FILE`, with `,preset=NAME` for a foreign image, `,tokenizer=FILE` for a llama2.c model, `,window=COUNT` for
  /// a context that the file does not say, `,without=TEXT` for marks in the text that it never read.
  /// - Throws: `HintedError` for an option that there is not, or a file that is no image and no llama2.c model.
  public init(parsing text: String) throws {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    var options: [String: String] = [:]
    for part in parts.dropFirst() {
      let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
      guard pair.count == 2, Self.options.contains(pair[0]), options[pair[0]] == nil else {
        throw HintedError(
          "--model: cannot read '\(part)' in '\(text)'", hint: "it reads like \(Self.example)", status: .usage)
      }
      options[pair[0]] = pair[1]
    }
    let path = parts.first ?? ""
    window = try options["window"].map { try Self.window($0, in: text) }
    omitted = options["without"]
    file = try ModelFile(
      reading: path, shape: try options["preset"].map { try AtomeShape.preset($0) }, tokenizer: options["tokenizer"])
    name = path.split(separator: "/").last.map(String.init) ?? path
    if let tokenizer = options["tokenizer"] { tokenByteCount = try AtomicFile.read(tokenizer).count }
    if case .checkpoint = file.content {
      throw HintedError(
        "--model: \(path) is a checkpoint, and nothing that is flashed",
        hint: "export it first: alambic export \(path)",
        status: .usage)
    }
  }

  private static func window(_ text: String, in whole: String) throws -> Int {
    guard let window = Int(text), 2...65_536 ~= window else {
      throw HintedError(
        "--model: window is \(text) in '\(whole)', outside 2…65536", hint: "choose a value in that range",
        status: .usage)
    }
    return window
  }
}

// MARK: - Measuring

extension Peer {
  /// - Parameter text: of the test.
  func measured(
    on text: [UInt8], board: TargetBoard, _ costs: EngineCosts, threadCount: Int?
  ) async throws -> ComparisonReport.Peer {
    let text = Self.text(text, without: omitted)
    let result = try await file.runnable().evaluation(
      of: text, EvaluationRequest(window: window, threadCount: threadCount))
    let found = try cost(context: result.window, on: board, costs)
    return ComparisonReport.Peer(
      name: name, file: file.id, form: found.form, parameterCount: found.parameterCount, window: result.windowText,
      flashByteCount: found.flashByteCount, ramByteCount: found.cost?.ramByteCount,
      instructionCount: found.cost?.instructionCount.map { count in
        guard let tokenCount = result.tokenCount else { return count }
        return Int((Double(count) * Double(tokenCount) / Double(text.count)).rounded())
      }, bitsPerByte: result.evaluation.bitsPerByte, omitted: omitted)
  }

  private static func text(_ text: [UInt8], without mark: String?) -> [UInt8] {
    guard let mark, !mark.isEmpty else { return text }
    return ["\(mark)\n", mark].reduce(text) { text, mark in
      Array(text.split(separator: Array(mark.utf8), omittingEmptySubsequences: false).joined())
    }
  }

  private struct Found {
    var form: String
    var parameterCount: Int
    var flashByteCount: Int
    /// Nil where no engine here runs it.
    var cost: ContestantCost?
  }

  private func cost(context: Int, on board: TargetBoard, _ costs: EngineCosts) throws -> Found {
    switch file.content {
    case .image(.compact(let contents)):
      let shape = contents.model.shape
      return Found(
        form: "ATOMEQ02", parameterCount: shape.parameterCount, flashByteCount: file.bytes.count,
        cost: try shape.cost(.compact, flashByteCount: file.bytes.count, window: context, on: board, costs))
    case .image(let image):
      guard case .atome(let shape) = image.shape, let variant = EngineVariant(of: image) else {
        throw HintedError("\(name): an image without an engine", status: .internalFault)
      }
      let fit = try BoardFit(shape, on: board, variant: variant, contextLength: context, costs: costs)
      let cost = ContestantCost(
        flashByteCount: file.bytes.count, ramByteCount: fit.engineByteCount, instructionCount: fit.instructionCount)
      return Found(
        form: variant == .float ? "ternary image, engine in float" : "ATOMEQ01", parameterCount: shape.parameterCount,
        flashByteCount: file.bytes.count, cost: cost)
    case .llama(let model, _):
      return Found(
        form: "int8, computed", parameterCount: model.shape.parameterCount,
        flashByteCount: model.shape.int8ByteCount + tokenByteCount)
    case .checkpoint:
      throw HintedError("\(name) is a checkpoint", status: .internalFault)
    }
  }
}

extension LlamaShape {
  /// Of weights in 8 bits: a byte each, a scale of four bytes a row of each matrix and table, norms in float.
  var int8ByteCount: Int {
    let d = modelWidth
    let rows = (sharesEmbedding ? 1 : 2) * vocabularySize + layerCount * (3 * d + 2 * keyWidth + 2 * hiddenWidth)
    let norms = (2 * layerCount + 1) * d
    return parameterCount - norms + 4 * rows + 4 * norms
  }
}
