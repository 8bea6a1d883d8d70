import Basics
import Engine
import Export
import Formats
import Lineage
import Model
import Networks
import TestSupport
import Testing

@Suite("The compact engine in C and in Swift")
struct CompactParityTests {
  /// Widths that leave every remainder in blocks of eight; one, several and all channels a gate; every preset.
  static let shapes: [CompactShape] =
    [
      RandomModel.smallCompact,
      CompactShape(modelWidth: 1, layerCount: 1, stateWidth: 1, gateCount: 1, hiddenWidth: 1),
      CompactShape(modelWidth: 9, layerCount: 5, stateWidth: 16, gateCount: 1, hiddenWidth: 33),
      CompactShape(modelWidth: 12, layerCount: 2, stateWidth: 10, gateCount: 5, hiddenWidth: 24, passCount: 3),
      CompactShape(modelWidth: 67, layerCount: 1, stateWidth: 13, gateCount: 13, hiddenWidth: 130),
      CompactShape(modelWidth: 300, layerCount: 1, stateWidth: 40, gateCount: 8, hiddenWidth: 260),
    ] + CompactShape.presets.map(\.shape)

  @Test("Numbers at the format's limits give the same integers, and the same choices", arguments: shapes)
  func limits(shape: CompactShape) throws {
    for seed in 0..<4 as Range<UInt64> {
      let model = RandomModel.makeCompact(seed: seed, shape: shape)
      let file = CompactImageFile.write(model, provenance: nil)
      let read = try CompactImageFile.read(file, name: "image").model
      #expect(read == model && file.count == shape.imageByteCount(rowCount: model.rows.rowCount))
      var swift = try CompactIntegerEngine(model: read, contextLength: 9)
      let engine = try CCompactEngine(image: file, logitScale: 1, contextLength: 9)
      var generator = SeededGenerator(seed: seed)
      for position in 0..<24 {
        let token = UInt8(generator.below(256))
        let logits = swift.step(token)
        try #require(logits == engine.step(token), "seed \(seed), position \(position)")
        if position == 12 {
          swift.reset()
          engine.reset()
        }
        for sampling in [nil, Sampling.proving, try Sampling(temperature: 5000, seed: seed)] {
          var samplers = [swift.sampler(sampling, stream: 3), try engine.sampler(sampling, stream: 3)]
          for _ in 0..<3 { #expect(samplers[0].next(logits) == samplers[1].next(logits)) }
        }
      }
    }
  }

  @Test("What the packer makes of a checkpoint is what both engines run", arguments: shapes)
  func packed(shape: CompactShape) throws {
    let checkpoint = RandomCheckpoint.make(shape, seed: 3)
    var generator = SeededGenerator(seed: 1)
    let text = (0..<96).map { _ in UInt8(generator.below(256)) }
    let file = try CompactPacker().pack(checkpoint, checkpointID: ContentID(of: "x"), calibratedOn: [text])
    let contents = try CompactImageFile.read(file, name: "image")
    #expect(contents.provenance == ContentID(of: "x"))
    var swift = try CompactIntegerEngine(model: contents.model, contextLength: 9)
    let engine = try CCompactEngine(image: file, logitScale: 1, contextLength: 9)
    for token in text { try #require(swift.step(token) == engine.step(token)) }
  }

  /// Of 60 equal rows 59 go, and with them the blocks of eight that they filled; no logit changes.
  @Test("Equal rows are stored once")
  func sharedRows() throws {
    let shape = RandomModel.smallCompact
    var checkpoint = RandomCheckpoint.make(shape, seed: 3)
    let table = checkpoint.layout.table
    let equal = stride(from: 7, to: 247, by: 4).map(\.self)
    let row = checkpoint.parameters[table.offset..<table.offset + table.columnCount]
    for token in equal {
      let start = table.offset + token * table.columnCount
      checkpoint.parameters.replaceSubrange(start..<start + table.columnCount, with: row.map { -$0 })
    }
    let text = (0..<96).map { UInt8($0 * 5 % 256) }
    let file = try CompactPacker().pack(checkpoint, checkpointID: ContentID(of: "x"), calibratedOn: [text])
    let model = try CompactImageFile.read(file, name: "image").model
    #expect(file.count == shape.imageByteCount(rowCount: 197) && file.count < shape.imageByteCount)
    #expect((0..<256).filter { !model.rows.isOwn(UInt8($0)) } == equal)
    var whole = model
    whole.rows = .whole
    let d = table.columnCount
    whole.table = CompactMatrix(
      columnCount: d, multipliers: model.rows.rows.map { model.table.multipliers[Int($0)] },
      codes: model.rows.rows.flatMap { model.table.codes[Int($0) * d..<(Int($0) + 1) * d] })
    var shared = try CompactIntegerEngine(model: model, contextLength: 9)
    var unshared = try CompactIntegerEngine(model: whole, contextLength: 9)
    for token in 0..<256 { #expect(shared.step(UInt8(token)) == unshared.step(UInt8(token))) }
  }

  /// Rounding activations to 8 bits costs little: the integer logits go the way of the float ones.
  @Test("The integers approximate the float student")
  func approximation() throws {
    let error = try relativeError(of: RandomCheckpoint.make(Self.middle, seed: 3))
    #expect(error < 0.05, "relative error \(error)")
  }

  /// In each block one square is 36 times the others, and nothing is made of it. What is made of the others would be
  /// lost (a relative error of 0.35) if steps were chosen by the squares themselves.
  @Test("The steps of squares are those that the predictions need")
  func largeSquaresThatDoNotMatter() throws {
    var checkpoint = RandomCheckpoint.make(Self.middle, seed: 3)
    for block in checkpoint.layout.layers {
      for index in block.hidden.range.prefix(block.hidden.columnCount) { checkpoint.parameters[index] *= 6 }
      for row in 0..<block.down.rowCount {
        checkpoint.parameters[block.down.offset + row * block.down.columnCount] = 0
      }
    }
    let error = try relativeError(of: checkpoint)
    #expect(error < 0.1, "relative error \(error)")
  }

  private static let middle = CompactShape(
    modelWidth: 48, layerCount: 2, stateWidth: 32, gateCount: 8, hiddenWidth: 80)

  /// Of the packed student's logits, against the float student's, on what it was calibrated on.
  private func relativeError(of checkpoint: TrainingCheckpoint<CompactShape>) throws -> Double {
    var generator = SeededGenerator(seed: 1)
    let text = (0..<200).map { _ in UInt8(generator.below(256)) }
    let file = try CompactPacker().pack(checkpoint, checkpointID: ContentID(of: "x"), calibratedOn: [text])
    let model = try CompactImageFile.read(file, name: "image").model
    var integer = try CompactIntegerEngine(model: model, contextLength: 9)
    var float = try CompactEngine(shape: checkpoint.shape, parameters: checkpoint.parameters, contextLength: 9)
    var (error, size) = (0.0, 0.0)
    for token in text {
      for (logit, expected) in zip(integer.step(token), float.step(token)) {
        let difference = Double(logit) * Double(model.logitScale) - Double(expected)
        error += difference * difference
        size += Double(expected) * Double(expected)
      }
    }
    return (error / size).squareRoot()
  }
}

enum RandomCheckpoint {
  /// Parameters such as training leaves: gains near 1, matrices of the usual size.
  static func make(_ shape: CompactShape, seed: UInt64) -> TrainingCheckpoint<CompactShape> {
    let layout = CompactLayout(shape)
    var generator = SeededGenerator(seed: seed)
    var parameters = [Float](repeating: 0, count: layout.count)
    for tensor in layout.tensors {
      let size = tensor.rowCount > 1 ? 1.5 / Double(tensor.columnCount).squareRoot() : 0.5
      let middle = tensor.name.hasSuffix("gain") ? 1.0 : 0
      for index in tensor.range { parameters[index] = Float(middle + (generator.unit() - 0.5) * 2 * size) }
    }
    return TrainingCheckpoint(
      shape: shape,
      settings: TrainingSettings(
        recipe: "test", stepCount: 2, batchCount: 1, windowTokenCount: 8, seed: 0, initialScale: 1,
        learningRate: 0.01, warmUpStepCount: 0, schedule: .constant, beta1: 0.9, beta2: 0.95, epsilon: 1e-8,
        weightDecay: 0, muon: nil, scales: .mean, clipNorm: nil, evaluationInterval: 1),
      dataID: ContentID(of: "data"), step: 1, generator: SeededGenerator(seed: 1), parameters: parameters,
      firstMoment: parameters, secondMoment: parameters)
  }
}
