import Basics

/// The dimensions of a plain GPT over bytes: the baseline that atome models are measured against. Pre-norm blocks,
/// learned positions, no biases, GELU, and an output matrix of its own or its embedding's.
public struct GPTShape: Hashable, Codable, Sendable {
  /// d, width of the residual stream.
  public var modelWidth: Int
  /// N, number of blocks.
  public var layerCount: Int
  /// H, attention heads; each has d / H columns.
  public var headCount: Int
  /// f, width between the two feed-forward matrices.
  public var feedForwardWidth: Int
  /// Positions that have an embedding: the window that it is trained on.
  public var contextLength: Int
  /// Whether logits come from the rows of the embedding, which is then the only table of tokens.
  public var isTied: Bool

  /// V, the 256 byte values.
  public static let vocabularySize = 256

  public init(
    modelWidth: Int, layerCount: Int, headCount: Int, feedForwardWidth: Int, contextLength: Int, isTied: Bool = false
  ) {
    self.modelWidth = modelWidth
    self.layerCount = layerCount
    self.headCount = headCount
    self.feedForwardWidth = feedForwardWidth
    self.contextLength = contextLength
    self.isTied = isTied
  }

  enum CodingKeys: String, CodingKey {
    case modelWidth = "d_model"
    case layerCount = "n_layers"
    case headCount = "n_heads"
    case feedForwardWidth = "d_ff"
    case contextLength = "context"
    case isTied = "tied"
  }

  /// `tied` is absent where there are two tables.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      modelWidth: try values.decode(Int.self, forKey: .modelWidth),
      layerCount: try values.decode(Int.self, forKey: .layerCount),
      headCount: try values.decode(Int.self, forKey: .headCount),
      feedForwardWidth: try values.decode(Int.self, forKey: .feedForwardWidth),
      contextLength: try values.decode(Int.self, forKey: .contextLength),
      isTied: try values.decodeIfPresent(Bool.self, forKey: .isTied) ?? false)
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(modelWidth, forKey: .modelWidth)
    try values.encode(layerCount, forKey: .layerCount)
    try values.encode(headCount, forKey: .headCount)
    try values.encode(feedForwardWidth, forKey: .feedForwardWidth)
    try values.encode(contextLength, forKey: .contextLength)
    if isTied { try values.encode(isTied, forKey: .isTied) }
  }

  public var headWidth: Int { modelWidth / headCount }
}

extension GPTShape: NetworkShape {
  public static var architecture: Architecture { .gpt }

  /// The largest value of each dimension.
  public static let limits = GPTShape(
    modelWidth: 1024, layerCount: 64, headCount: 64, feedForwardWidth: 4096, contextLength: 4096)

  private var dimensions: [(name: String, value: Int)] {
    [
      ("d_model", modelWidth), ("n_layers", layerCount), ("n_heads", headCount), ("d_ff", feedForwardWidth),
      ("context", contextLength),
    ]
  }

  public func validate() throws {
    for (dimension, limit) in zip(dimensions, Self.limits.dimensions) where !(1...limit.value ~= dimension.value) {
      throw HintedError(
        "shape: \(dimension.name) is \(dimension.value), outside 1…\(limit.value)",
        hint: "a GPT's shape reads like \(Self.gpt60K)", status: .usage)
    }
    guard modelWidth.isMultiple(of: headCount) else {
      throw HintedError(
        "shape: d_model \(modelWidth) is not a multiple of n_heads \(headCount)",
        hint: "heads share the width equally", status: .usage)
    }
    guard contextLength >= 2 else {
      throw HintedError("shape: context is 1", hint: "one byte to read and one to predict", status: .usage)
    }
  }

  public var parameterCount: Int {
    let (d, f) = (modelWidth, feedForwardWidth)
    let tables = (isTied ? 1 : 2) * Self.vocabularySize + contextLength
    return tables * d + layerCount * (4 * d * d + 2 * d * f + 4 * d) + 2 * d
  }

  public var description: String {
    dimensions.map { "\($0.name)=\($0.value)" }.joined(separator: ",") + (isTied ? ",tied=1" : "")
  }
}

// MARK: - Presets

extension GPTShape {
  public static let gpt6K = GPTShape(
    modelWidth: 8, layerCount: 2, headCount: 4, feedForwardWidth: 24, contextLength: 64)
  public static let gpt21K = GPTShape(
    modelWidth: 24, layerCount: 2, headCount: 4, feedForwardWidth: 24, contextLength: 64)
  public static let gpt60K = GPTShape(
    modelWidth: 44, layerCount: 3, headCount: 4, feedForwardWidth: 44, contextLength: 64)
  public static let gpt950K = GPTShape(
    modelWidth: 152, layerCount: 3, headCount: 4, feedForwardWidth: 608, contextLength: 256)

  /// Named shapes, in order of size.
  public static let presets: [(name: String, shape: GPTShape)] = [
    ("gpt-6k", gpt6K), ("gpt-21k", gpt21K), ("gpt-60k", gpt60K), ("gpt-950k", gpt950K),
  ]

  /// What a preset's name ends with where it is meant with one table.
  static let tiedEnding = "-tied"

  public static var presetNames: [String] { presets.flatMap { [$0.name, $0.name + tiedEnding] } }

  public var presetName: String {
    Self.presetNames.first { Self.preset($0, window: contextLength) == self } ?? description
  }

  /// The preset of that name, for windows of `window` tokens; nil when no preset has it.
  public static func preset(_ name: String, window: Int) -> GPTShape? {
    let isTied = name.hasSuffix(tiedEnding)
    let plain = isTied ? String(name.dropLast(tiedEnding.count)) : name
    guard var shape = presets.first(where: { $0.name == plain })?.shape else { return nil }
    shape.contextLength = window
    shape.isTied = isTied
    return shape
  }
}
