import Basics
import Networks

/// What engines take of cores, as `make -C firmware costs` measured it: `firmware/costs.json`.
public struct EngineCosts: Decodable, Sendable {
  /// One engine, compiled for one core at one level.
  public struct Row: Decodable, Sendable {
    /// `cortex-m0`.
    public var core: String
    /// `-O2`, `-Os`.
    public var level: String
    var engine: String
    var cacheBitCount: Int?
    /// Flash beside the image: engine, start, a small program, and the compiler's arithmetic.
    public var codeByteCount: Int
    /// The deepest that the stack was seen, an interrupt of a timer included.
    public var stackByteCount: Int
    /// Variables beside the engine's work memory.
    public var variableByteCount: Int
    public var instructions: InstructionModel
    /// The largest relative error at the shapes that the model was fitted to.
    public var largestError: Double

    enum CodingKeys: String, CodingKey {
      case core, level, engine, instructions
      case cacheBitCount = "cache_bits"
      case codeByteCount = "code_bytes"
      case stackByteCount = "stack_bytes"
      case variableByteCount = "variable_bytes"
      case largestError = "largest_error"
    }

    var variant: EngineVariant? {
      engine == "float" ? .float : cacheBitCount.flatMap(CacheWidth.init(rawValue:)).map(EngineVariant.integer)
    }
  }

  /// The compiler's first line of `--version`.
  public var compiler: String
  public var rows: [Row]
  /// Of the compact engine.
  public var compact: [CompactCosts]
  /// Of the plain GPT's engine.
  public var baselines: [GPTCosts]

  enum CodingKeys: String, CodingKey {
    case compiler, compact, baselines
    case rows = "engines"
  }

  /// - Throws: `HintedError` when the file is missing or wrong.
  public static func read(firmwareFolder: String) throws -> EngineCosts {
    let path = "\(firmwareFolder)/costs.json"
    return try CanonicalJSON.decode(EngineCosts.self, from: try AtomicFile.read(path), named: path)
  }

  /// - Throws: `HintedError` where this was not measured.
  public func row(core: String, level: String, variant: EngineVariant) throws -> Row {
    if let row = rows.first(where: { $0.core == core && $0.level == level && $0.variant == variant }) { return row }
    throw HintedError(
      "costs.json has no row for \(variant) on \(core) at \(level)",
      hint: "make -s -C firmware costs OUT=/tmp/costs > firmware/costs.json")
  }

  /// - Throws: `HintedError` where this was not measured.
  public func compact(core: String, level: String) throws -> CompactCosts {
    if let row = compact.first(where: { $0.core == core && $0.level == level }) { return row }
    throw HintedError(
      "costs.json has no row for compact students on \(core) at \(level)",
      hint: "make -s -C firmware costs OUT=/tmp/costs > firmware/costs.json")
  }

  /// - Throws: `HintedError` where this was not measured.
  public func baseline(core: String, level: String, width: GPTWeightWidth) throws -> GPTCosts {
    if let row = baselines.first(where: {
      $0.core == core && $0.level == level && $0.weightBitCount == width.rawValue
    }) {
      return row
    }
    throw HintedError(
      "costs.json has no row for a plain GPT of \(width.rawValue) bits on \(core) at \(level)",
      hint: "make -s -C firmware costs OUT=/tmp/costs > firmware/costs.json")
  }
}
