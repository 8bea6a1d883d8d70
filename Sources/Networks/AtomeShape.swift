import Basics

/// The dimensions of an atome model. The vocabulary is always the 256 bytes.
public struct AtomeShape: Hashable, Codable, Sendable {
  /// d, width of the residual stream.
  public var modelWidth: Int
  /// N, number of blocks.
  public var layerCount: Int
  /// h, width of the one attention head's queries and keys.
  public var headWidth: Int
  /// k, how many past positions the sparse attention keeps.
  public var topK: Int
  /// K, taps of the local convolution.
  public var kernelSize: Int

  /// V, the 256 byte values.
  public static let vocabularySize = 256

  public init(modelWidth: Int, layerCount: Int, headWidth: Int, topK: Int, kernelSize: Int) {
    self.modelWidth = modelWidth
    self.layerCount = layerCount
    self.headWidth = headWidth
    self.topK = topK
    self.kernelSize = kernelSize
  }

  enum CodingKeys: String, CodingKey {
    case modelWidth = "d_model"
    case layerCount = "n_layers"
    case headWidth = "d_head"
    case topK = "top_k"
    case kernelSize = "kernel"
  }
}

// MARK: - Limits

extension AtomeShape {
  /// The largest value of each dimension; readers refuse more, so that no file can make them allocate without bound.
  public static let limits = AtomeShape(modelWidth: 1024, layerCount: 64, headWidth: 256, topK: 64, kernelSize: 32)

  /// - Throws: `HintedError` that names the first dimension outside its limits.
  public func validate() throws {
    for (name, value, limit) in zip3(Self.names, dimensions, Self.limits.dimensions) where !(1...limit).contains(value)
    {
      throw HintedError(
        "shape: \(name) is \(value), outside 1…\(limit)", hint: "a shape reads like \(AtomeShape.atome60K)",
        status: .usage)
    }
  }

  static let names = ["d_model", "n_layers", "d_head", "top_k", "kernel"]

  /// The dimensions in the order of `description`: d_model, n_layers, d_head, top_k, kernel.
  public var dimensions: [Int] { [modelWidth, layerCount, headWidth, topK, kernelSize] }

  /// The inverse of `dimensions`, validated.
  public init(dimensions: [Int]) throws {
    guard dimensions.count == Self.names.count else {
      throw HintedError("a shape has \(Self.names.count) dimensions, not \(dimensions.count)", status: .usage)
    }
    self.init(
      modelWidth: dimensions[0], layerCount: dimensions[1], headWidth: dimensions[2], topK: dimensions[3],
      kernelSize: dimensions[4])
    try validate()
  }

  private func zip3(_ names: [String], _ values: [Int], _ limits: [Int]) -> [(String, Int, Int)] {
    zip(zip(names, values), limits).map { ($0.0, $0.1, $1) }
  }
}

// MARK: - Presets and text

extension AtomeShape: CustomStringConvertible {
  /// At most 21 KB of ATOME01, deep and narrow: what depth is worth at equal flash stands in docs/training.md.
  public static let atome54K = AtomeShape(modelWidth: 48, layerCount: 8, headWidth: 8, topK: 4, kernelSize: 5)
  public static let atome60K = AtomeShape(modelWidth: 64, layerCount: 4, headWidth: 16, topK: 4, kernelSize: 5)
  public static let atome944K = AtomeShape(modelWidth: 256, layerCount: 8, headWidth: 64, topK: 4, kernelSize: 5)

  /// Named shapes, in order of size.
  public static let presets: [(name: String, shape: AtomeShape)] = [
    ("atome-54k", atome54K), ("atome-60k", atome60K), ("atome-944k", atome944K),
  ]

  public static func preset(_ name: String) throws -> AtomeShape {
    if let found = presets.first(where: { $0.name == name }) { return found.shape }
    let names = presets.map(\.name).joined(separator: ", ")
    throw HintedError("there is no preset named '\(name)'", hint: "presets: \(names)", status: .usage)
  }

  public var description: String {
    zip(Self.names, dimensions).map { "\($0)=\($1)" }.joined(separator: ",")
  }

  /// Parses `d_model=256,n_layers=8,d_head=64,top_k=4,kernel=5`, in any order, each key once.
  public init(parsing text: String) throws {
    let values = try ShapeText.values(of: text, names: Self.names, example: Self.atome60K.description)
    try self.init(dimensions: values)
  }
}

// MARK: - Sizes

extension AtomeShape {
  /// How many parameters a model of this shape has, scales not counted.
  public var parameterCount: Int {
    let d = modelWidth
    let perLayer = 2 * d + d * kernelSize + 3 * d + 2 * headWidth * d + d * d + 3 * d
    return 2 * Self.vocabularySize * d + layerCount * perLayer + 2 * d
  }

  /// The size of its ATOME01 image, magic included, trailer not.
  public var atome01ByteCount: Int { imageByteCount(tritsPerByte: 4) }

  /// The size of an image, magic included, trailer not.
  public func imageByteCount(tritsPerByte: Int) -> Int {
    let d = modelWidth
    func ternary(_ count: Int) -> Int { 4 + (count + tritsPerByte - 1) / tritsPerByte }
    let perLayer =
      8 * d + ternary(d * kernelSize) + 12 * d + 2 * ternary(headWidth * d) + ternary(d * d) + ternary(3 * d)
    return 7 + 2 * ternary(Self.vocabularySize * d) + layerCount * perLayer + 8 * d
  }
}
