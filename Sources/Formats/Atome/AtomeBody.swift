import Basics
import Networks

/// The body of an image: the published layout, tensors in order, no shape and no padding between them.
enum AtomeBody {
  static func bytes(of model: AtomeModel, packing: AtomePacking) -> [UInt8] {
    var writer = ByteWriter()
    writer.append(packing.magic)
    write(model, packing, to: &writer)
    return writer.bytes
  }

  /// A classifier's body and head.
  static func write(_ model: AtomeModel, head: TernaryTensor, to writer: inout ByteWriter) {
    write(model, .atome01, to: &writer)
    writer.write(head, .atome01)
  }

  private static func write(_ model: AtomeModel, _ packing: AtomePacking, to writer: inout ByteWriter) {
    writer.write(model.embedding, packing)
    for layer in model.layers { writer.write(layer, packing) }
    writer.write(model.finalGamma)
    writer.write(model.finalBeta)
    writer.write(model.unembedding, packing)
  }

  /// - Parameter paddingMustBeZero: refuse a tensor whose last byte holds more than zeros after its last trit.
  static func read(
    _ body: [UInt8], name: String, shape: AtomeShape, packing: AtomePacking, paddingMustBeZero: Bool
  ) throws -> AtomeModel {
    var reader = TensorReader(
      bytes: ByteReader(body, name: name, offset: packing.magic.count), packing: packing,
      paddingMustBeZero: paddingMustBeZero)
    return try model(&reader, shape)
  }

  /// A classifier's body and head, which stand behind `start` bytes.
  static func readClassifier(
    _ file: [UInt8], name: String, shape: AtomeShape, classCount: Int, start: Int
  ) throws -> (model: AtomeModel, head: TernaryTensor) {
    var reader = TensorReader(
      bytes: ByteReader(file, name: name, offset: start), packing: .atome01, paddingMustBeZero: false)
    return (try model(&reader, shape), try reader.ternary(classCount, shape.modelWidth, "head"))
  }

  private static func model(_ reader: inout TensorReader, _ shape: AtomeShape) throws -> AtomeModel {
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
  fileprivate mutating func write(_ layer: AtomeLayer, _ packing: AtomePacking) {
    write(layer.gamma)
    write(layer.beta)
    write(layer.convolution, packing)
    write(layer.decay)
    write(layer.inputGain)
    write(layer.outputGain)
    write(layer.query, packing)
    write(layer.key, packing)
    write(layer.value, packing)
    write(layer.router, packing)
  }

  /// Scale, then the packed trits.
  fileprivate mutating func write(_ tensor: TernaryTensor, _ packing: AtomePacking) {
    write(tensor.scale)
    let trits = tensor.trits
    append(
      stride(from: 0, to: trits.count, by: packing.tritsPerByte).map { start in
        packing.byte(of: trits[start..<min(start + packing.tritsPerByte, trits.count)])
      })
  }
}

// MARK: - Reading

/// Reads tensors and names the one that is wrong.
private struct TensorReader {
  var bytes: ByteReader
  let packing: AtomePacking
  let paddingMustBeZero: Bool

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
    let packed = try bytes.take((count + packing.tritsPerByte - 1) / packing.tritsPerByte, for: field)
    var trits: [Int8] = []
    trits.reserveCapacity(packed.count * packing.tritsPerByte)
    for (position, byte) in packed.enumerated() {
      guard let some = packing.trits(of: byte) else { throw invalidTrits(byte, field, at: offset + position) }
      trits += some
    }
    if paddingMustBeZero, trits[count...].contains(where: { $0 != 0 }) {
      throw HintedError("\(bytes.name): bits after the last trit of \(field) are not zero", hint: "the file is damaged")
    }
    trits.removeLast(trits.count - count)
    return TernaryTensor(rowCount: rowCount, columnCount: columnCount, scale: scale, trits: trits)
  }

  private func invalidTrits(_ byte: UInt8, _ field: String, at offset: Int) -> HintedError {
    let what =
      switch packing {
      case .atome01: "the invalid trit code 10"
      case .atome02: "\(byte), which is above 242 and no five trits,"
      }
    return HintedError(
      "\(bytes.name): \(field) holds \(what) at offset \(offset)", hint: "the file is damaged or of another shape")
  }
}
