import Basics

/// The dimensions of a compact student: gated states and squared feed-forward parts, every matrix in 4 bits. Its
/// network and its arithmetic are specified in docs/compact.md. The vocabulary is always 256 tokens.
public struct CompactShape: Hashable, Codable, Sendable {
  /// d, width of the residual stream.
  public var modelWidth: Int
  /// N, number of blocks.
  public var layerCount: Int
  /// m, numbers that a block's state has.
  public var stateWidth: Int
  /// g, write gates of a block; each serves m / g neighbouring numbers of its state.
  public var gateCount: Int
  /// f, width between the two feed-forward matrices.
  public var hiddenWidth: Int
  /// P, how often a step goes through all blocks, each time with states of its own: depth that takes no flash.
  public var passCount: Int

  /// The largest code of a weight.
  public static let weightLevels = 7

  /// V, the 256 tokens.
  public static let vocabularySize = 256

  public init(
    modelWidth: Int, layerCount: Int, stateWidth: Int, gateCount: Int, hiddenWidth: Int, passCount: Int = 1
  ) {
    self.modelWidth = modelWidth
    self.layerCount = layerCount
    self.stateWidth = stateWidth
    self.gateCount = gateCount
    self.hiddenWidth = hiddenWidth
    self.passCount = passCount
  }

  /// N P, blocks that a step goes through.
  public var depth: Int { layerCount * passCount }

  enum CodingKeys: String, CodingKey {
    case modelWidth = "d_model"
    case layerCount = "n_layers"
    case stateWidth = "d_state"
    case gateCount = "n_gates"
    case hiddenWidth = "d_ff"
    case passCount = "n_passes"
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func dimension(_ key: CodingKeys) throws -> Int { try values.decode(Int.self, forKey: key) }
    try self.init(
      modelWidth: dimension(.modelWidth), layerCount: dimension(.layerCount), stateWidth: dimension(.stateWidth),
      gateCount: dimension(.gateCount), hiddenWidth: dimension(.hiddenWidth),
      passCount: values.decodeIfPresent(Int.self, forKey: .passCount) ?? 1)
  }

  /// One pass is not written down, as it was not before there were several.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(modelWidth, forKey: .modelWidth)
    try values.encode(layerCount, forKey: .layerCount)
    try values.encode(stateWidth, forKey: .stateWidth)
    try values.encode(gateCount, forKey: .gateCount)
    try values.encode(hiddenWidth, forKey: .hiddenWidth)
    if passCount != 1 { try values.encode(passCount, forKey: .passCount) }
  }
}

extension CompactShape: NetworkShape {
  public static var architecture: Architecture { .compact }

  /// The largest value of each dimension; readers refuse more, so that no file can make them allocate without bound.
  public static let limits = CompactShape(
    modelWidth: 1024, layerCount: 64, stateWidth: 1024, gateCount: 1024, hiddenWidth: 4096, passCount: 16)

  static let names = ["d_model", "n_layers", "d_state", "n_gates", "d_ff", "n_passes"]

  /// In the order of `description`: d_model, n_layers, d_state, n_gates, d_ff, n_passes.
  public var dimensions: [Int] { [modelWidth, layerCount, stateWidth, gateCount, hiddenWidth, passCount] }

  /// The inverse of `dimensions`, validated.
  public init(dimensions: [Int]) throws {
    guard dimensions.count == Self.names.count else {
      throw HintedError("a compact shape has \(Self.names.count) dimensions, not \(dimensions.count)", status: .usage)
    }
    self.init(
      modelWidth: dimensions[0], layerCount: dimensions[1], stateWidth: dimensions[2], gateCount: dimensions[3],
      hiddenWidth: dimensions[4], passCount: dimensions[5])
    try validate()
  }

  public func validate() throws {
    for (index, name) in Self.names.enumerated() {
      let (value, limit) = (dimensions[index], Self.limits.dimensions[index])
      guard !(1...limit ~= value) else { continue }
      throw HintedError(
        "shape: \(name) is \(value), outside 1…\(limit)", hint: "a compact shape reads like \(Self.atome21KB)",
        status: .usage)
    }
    guard stateWidth.isMultiple(of: gateCount) else {
      throw HintedError(
        "shape: d_state \(stateWidth) is not a multiple of n_gates \(gateCount)",
        hint: "each write gate serves equally many numbers of the state", status: .usage)
    }
  }

  public var parameterCount: Int {
    let d = modelWidth
    let (m, f) = (stateWidth, hiddenWidth)
    return Self.vocabularySize * d + layerCount * ((3 * m + gateCount + 2 * f + 2) * d + gateCount) + d
  }

  /// One pass goes without saying.
  public var description: String {
    let said = passCount == 1 ? dimensions.dropLast() : dimensions[...]
    return zip(Self.names, said).map { "\($0)=\($1)" }.joined(separator: ",")
  }
}

// MARK: - Presets

extension CompactShape {
  /// Named for what a whole integer image takes of flash, a vocabulary included: at most that many thousands of bytes
  /// of 1,024.
  public static let atome6KB = CompactShape(
    modelWidth: 20, layerCount: 1, stateWidth: 20, gateCount: 4, hiddenWidth: 48, passCount: 2)
  public static let atome21KB = CompactShape(
    modelWidth: 48, layerCount: 2, stateWidth: 32, gateCount: 8, hiddenWidth: 80)
  public static let atome64KB = CompactShape(
    modelWidth: 72, layerCount: 3, stateWidth: 48, gateCount: 12, hiddenWidth: 160)
  public static let atome280KB = CompactShape(
    modelWidth: 128, layerCount: 4, stateWidth: 96, gateCount: 16, hiddenWidth: 360)

  /// Named shapes, in order of size.
  public static let presets: [(name: String, shape: CompactShape)] = [
    ("atome-6kb", atome6KB), ("atome-21kb", atome21KB), ("atome-64kb", atome64KB), ("atome-280kb", atome280KB),
  ]

  public static var presetNames: [String] { presets.map(\.name) }

  public static func preset(_ name: String, window _: Int) -> CompactShape? {
    presets.first { $0.name == name }?.shape
  }

  public var presetName: String { Self.presets.first { $0.shape == self }?.name ?? description }
}

// MARK: - Text

extension CompactShape {
  /// Parses `d_model=48,n_layers=2,d_state=32,n_gates=8,d_ff=80`, in any order, each key once; `n_passes` is 1 unless
  /// it is said.
  public init(parsing text: String) throws {
    let found = try ShapeText.values(
      of: text, names: Self.names, defaults: ["n_passes": 1], example: Self.atome21KB.description)
    try self.init(dimensions: found)
  }

  /// Whether a text names dimensions that only a compact shape has.
  public static func claims(_ text: String) -> Bool { text.contains("d_state") || text.contains("n_gates") }
}
