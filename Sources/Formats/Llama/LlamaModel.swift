import Basics

/// The dimensions of a llama2.c model.
public struct LlamaShape: Hashable, Sendable {
  /// d, width of the residual stream.
  public var modelWidth: Int
  public var hiddenWidth: Int
  public var layerCount: Int
  /// Query heads, of d / headCount columns each.
  public var headCount: Int
  /// Key and value heads; each serves headCount / keyHeadCount query heads.
  public var keyHeadCount: Int
  public var vocabularySize: Int
  /// Positions of the longest sequence.
  public var contextLength: Int
  /// Whether the output matrix is the embedding.
  public var sharesEmbedding: Bool

  public var headWidth: Int { modelWidth / headCount }
  public var keyWidth: Int { keyHeadCount * headWidth }

  public var parameterCount: Int {
    let d = modelWidth
    let perLayer = 2 * d * d + 2 * d * keyWidth + 3 * d * hiddenWidth + 2 * d
    return (sharesEmbedding ? 1 : 2) * vocabularySize * d + layerCount * perLayer + d
  }
}

/// A model as Karpathy's llama2.c stores it (docs/formats/llama2c.md). Matrices are row-major, (outputs, inputs).
public struct LlamaModel: Sendable {
  public struct Layer: Sendable {
    public var attentionNorm, query, key, value, output: [Float]
    public var feedForwardNorm, gate, down, up: [Float]
  }

  public var shape: LlamaShape
  public var embedding: [Float]
  public var layers: [Layer]
  public var finalNorm: [Float]
  public var unembedding: [Float]

  /// Reads a file's bytes; `name` stands in messages.
  /// - Throws: `HintedError` for a header that no model can have, or whose tensors are not as long as the file.
  public init(decoding bytes: [UInt8], name: String) throws {
    var reader = ByteReader(bytes, name: name)
    let shape = try Self.shape(&reader)
    // The file also has the turns of each position, as cosines and sines, which follow from the positions.
    let turnCount = shape.contextLength * shape.headWidth
    let expected = 28 + 4 * (shape.parameterCount + turnCount)
    guard bytes.count == expected else {
      throw HintedError(
        "\(name): \(bytes.count) bytes, but its header (\(shape)) says \(expected)",
        hint: "the file is truncated, altered, or no llama2.c model of version 0; fetch it again")
    }
    self.shape = shape
    let (d, n) = (shape.modelWidth, shape.layerCount)
    embedding = try reader.readFloats(shape.vocabularySize * d, "embedding")
    // A tensor of all layers follows the other.
    func tensors(_ count: Int, _ field: String) throws -> [[Float]] {
      try (0..<n).map { try reader.readFloats(count, "\(field) of layer \($0)") }
    }
    let attentionNorm = try tensors(d, "attention norm")
    let query = try tensors(d * d, "query")
    let key = try tensors(shape.keyWidth * d, "key")
    let value = try tensors(shape.keyWidth * d, "value")
    let output = try tensors(d * d, "attention output")
    let feedForwardNorm = try tensors(d, "feed-forward norm")
    let gate = try tensors(shape.hiddenWidth * d, "gate")
    let down = try tensors(d * shape.hiddenWidth, "down")
    let up = try tensors(shape.hiddenWidth * d, "up")
    layers = (0..<n).map {
      Layer(
        attentionNorm: attentionNorm[$0], query: query[$0], key: key[$0], value: value[$0], output: output[$0],
        feedForwardNorm: feedForwardNorm[$0], gate: gate[$0], down: down[$0], up: up[$0])
    }
    finalNorm = try reader.readFloats(d, "final norm")
    _ = try reader.take(4 * turnCount, for: "turns")
    unembedding =
      shape.sharesEmbedding ? embedding : try reader.readFloats(shape.vocabularySize * d, "output matrix")
  }

  private static func shape(_ reader: inout ByteReader) throws -> LlamaShape {
    func field(_ name: String, _ range: ClosedRange<Int>) throws -> Int {
      let value = Int(try reader.read(Int32.self, name))
      guard range.contains(value) else {
        throw HintedError(
          "\(reader.name): \(name) is \(value), outside \(range.lowerBound)…\(range.upperBound)",
          hint: "this is not a llama2.c model of version 0, or it is damaged")
      }
      return value
    }
    let d = try field("dim", 1...4096)
    let hidden = try field("hidden_dim", 1...16_384)
    let layers = try field("n_layers", 1...128)
    let heads = try field("n_heads", 1...256)
    let keyHeads = try field("n_kv_heads", 1...256)
    let vocabulary = try field("vocab_size", -65_536...65_536)
    let context = try field("seq_len", 2...65_536)
    guard d.isMultiple(of: 2 * heads), heads.isMultiple(of: keyHeads), vocabulary.magnitude > 2 else {
      throw HintedError(
        "\(reader.name): \(heads) query heads, \(keyHeads) key heads, width \(d) and \(vocabulary) tokens do not fit",
        hint: "heads divide the width into even parts, key heads divide the query heads; the file is damaged")
    }
    return LlamaShape(
      modelWidth: d, hiddenWidth: hidden, layerCount: layers, headCount: heads, keyHeadCount: keyHeads,
      vocabularySize: Int(vocabulary.magnitude), contextLength: context, sharesEmbedding: vocabulary > 0)
  }
}

extension LlamaShape: CustomStringConvertible {
  public var description: String {
    "dim=\(modelWidth),hidden_dim=\(hiddenWidth),n_layers=\(layerCount),n_heads=\(headCount),"
      + "n_kv_heads=\(keyHeadCount),vocab_size=\(vocabularySize),seq_len=\(contextLength)"
  }
}
