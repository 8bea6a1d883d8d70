import Basics
import Lineage

/// The body of an ATOME01 image: the published layout, tensors in order, no shape and no padding between them.
enum AtomeBody {
  static func bytes(of model: AtomeModel) -> [UInt8] {
    var writer = ByteWriter()
    writer.append(AtomeImageFile.magic)
    writer.write(model.embedding)
    for layer in model.layers { writer.write(layer) }
    writer.write(model.finalGamma)
    writer.write(model.finalBeta)
    writer.write(model.unembedding)
    return writer.bytes
  }

  /// - Parameter paddingMustBeZero: refuse a tensor whose last byte holds bits after its last trit.
  static func read(_ body: [UInt8], name: String, shape: AtomeShape, paddingMustBeZero: Bool) throws -> AtomeModel {
    var reader = TensorReader(
      bytes: ByteReader(body, name: name, offset: AtomeImageFile.magic.count), paddingMustBeZero: paddingMustBeZero)
    let d = shape.modelWidth
    let vocabulary = AtomeShape.vocabularySize
    let embedding = try reader.ternary(vocabulary, d, "embedding")
    let layers = try (0..<shape.layerCount).map { try reader.layer($0, shape) }
    return AtomeModel(
      shape: shape, embedding: embedding, layers: layers, finalGamma: try reader.floats(d, "final gamma"),
      finalBeta: try reader.floats(d, "final beta"), unembedding: try reader.ternary(vocabulary, d, "unembedding"))
  }
}

// MARK: - Writing

extension ByteWriter {
  fileprivate mutating func write(_ layer: AtomeLayer) {
    write(layer.gamma)
    write(layer.beta)
    write(layer.convolution)
    write(layer.decay)
    write(layer.inputGain)
    write(layer.outputGain)
    write(layer.query)
    write(layer.key)
    write(layer.value)
    write(layer.router)
  }

  /// Scale, then four trits a byte, the first in the low bits: 00 = 0, 01 = +1, 11 = -1.
  fileprivate mutating func write(_ tensor: TernaryTensor) {
    write(tensor.scale)
    for start in stride(from: 0, to: tensor.trits.count, by: 4) {
      var byte: UInt8 = 0
      for (position, trit) in tensor.trits[start..<min(start + 4, tensor.trits.count)].enumerated() {
        byte |= (UInt8(bitPattern: trit) & 3) << (2 * position)
      }
      append([byte])
    }
  }
}

// MARK: - Reading

/// Reads tensors and names the one that is wrong.
private struct TensorReader {
  var bytes: ByteReader
  var paddingMustBeZero: Bool

  mutating func layer(_ index: Int, _ shape: AtomeShape) throws -> AtomeLayer {
    let d = shape.modelWidth
    let h = shape.headWidth
    let place = "layer \(index)"
    return AtomeLayer(
      gamma: try floats(d, "\(place) gamma"), beta: try floats(d, "\(place) beta"),
      convolution: try ternary(d, shape.kernelSize, "\(place) convolution"),
      decay: try floats(d, "\(place) decay"), inputGain: try floats(d, "\(place) input gain"),
      outputGain: try floats(d, "\(place) output gain"), query: try ternary(h, d, "\(place) query"),
      key: try ternary(h, d, "\(place) key"), value: try ternary(d, d, "\(place) value"),
      router: try ternary(3, d, "\(place) router"))
  }

  mutating func floats(_ count: Int, _ field: String) throws -> [Float] {
    let offset = bytes.offset
    let values = try bytes.readFloats(count, field)
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw HintedError("\(bytes.name): \(field)[\(index)] at offset \(offset + 4 * index) is \(values[index])")
    }
    return values
  }

  mutating func ternary(_ rowCount: Int, _ columnCount: Int, _ field: String) throws -> TernaryTensor {
    let scale = try floats(1, "\(field) scale")[0]
    let count = rowCount * columnCount
    let offset = bytes.offset
    let packed = try bytes.take((count + 3) / 4, for: field)
    var trits: [Int8] = []
    trits.reserveCapacity(packed.count * 4)
    for (position, byte) in packed.enumerated() {
      for code in [byte & 3, byte >> 2 & 3, byte >> 4 & 3, byte >> 6] {
        guard let trit = Self.trit(code) else {
          throw HintedError(
            "\(bytes.name): \(field) holds the invalid trit code 10 at offset \(offset + position)",
            hint: "the file is damaged or of another shape")
        }
        trits.append(trit)
      }
    }
    if paddingMustBeZero, trits[count...].contains(where: { $0 != 0 }) {
      throw HintedError("\(bytes.name): bits after the last trit of \(field) are not zero", hint: "the file is damaged")
    }
    trits.removeLast(trits.count - count)
    return TernaryTensor(rowCount: rowCount, columnCount: columnCount, scale: scale, trits: trits)
  }

  private static func trit(_ code: UInt8) -> Int8? {
    switch code {
    case 0: 0
    case 1: 1
    case 3: -1
    default: nil
    }
  }
}
