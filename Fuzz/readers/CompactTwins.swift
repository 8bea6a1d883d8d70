import Basics
import Engine
import Formats
import Model
import Networks
import SmallFiles
import TestSupport

/// What a reader accepts has to be computed by both engines, and alike: an image that only one of them opens, a trap of
/// Swift's arithmetic and a logit that differs all end the process.
enum CompactTwins {
  /// So many tokens are read, the first few again after a reset.
  private static let tokens: [UInt8] = [0, 255, 65, 128, 7]
  /// A larger model would make a run slow, and finds no more.
  private static let greatestByteCount = 1 << 15

  /// Beside the small file, shapes that the fuzzer would hardly come by, since all sizes have to agree. Of each, one
  /// model has numbers from all over the format, which mostly drive the arithmetic to its bounds, and one stays inside.
  static let seeds: [[UInt8]] = [
    CompactShape(modelWidth: 1, layerCount: 1, stateWidth: 1, gateCount: 1, hiddenWidth: 1),
    CompactShape(modelWidth: 9, layerCount: 5, stateWidth: 16, gateCount: 1, hiddenWidth: 33),
    CompactShape(modelWidth: 24, layerCount: 1, stateWidth: 13, gateCount: 13, hiddenWidth: 64),
  ].map { RandomModel.makeCompact(seed: 2, shape: $0) }.flatMap { [$0, inside($0)] }.map {
    CompactImageFile.write($0, provenance: nil)
  }

  /// A model with units such as a packer chooses for a narrow student: numbers of 8 bits use them, and none is at its
  /// bound for long.
  private static func inside(_ model: CompactModel) -> CompactModel {
    func norm(_ norm: CompactNorm) -> CompactNorm {
      CompactNorm(epsilon: 1, inputShift: 0, outputShift: 12, gain: norm.gain)
    }
    func unit(_ shift: Int32) -> Requantisation { Requantisation(multiplier: 1 << 14, shift: shift) }
    var model = model
    model.embeddingShift = 3
    model.finalNorm = norm(model.finalNorm)
    model.blocks = model.blocks.map { block in
      var block = block
      (block.stateNorm, block.feedForwardNorm) = (norm(block.stateNorm), norm(block.feedForwardNorm))
      (block.writeGate, block.value, block.readGate) = (unit(13), unit(12), unit(13))
      (block.output, block.hidden, block.down) = (unit(11), unit(17), unit(11))
      (block.biasShift, block.readShift) = (4, 20)
      return block
    }
    return model
  }

  static func check(_ file: SmallFile, _ bytes: [UInt8]) {
    guard file == .compact || file == .wordedCompact, bytes.count <= greatestByteCount else { return }
    let contents = try? CompactImageFile.read(bytes, name: "x")
    let engine = try? CCompactEngine(image: bytes, logitScale: 1, contextLength: 1)
    guard let contents, let engine else {
      if contents != nil { fatalError("Swift reads an image that C refuses") }
      if engine != nil, !isForTheHostToRefuse(bytes) { fatalError("C opens an image that Swift refuses") }
      return
    }
    guard var twin = try? CompactIntegerEngine(model: contents.model, contextLength: 1) else {
      fatalError("an image that Swift reads has no engine in Swift")
    }
    for round in 0..<2 {
      for token in tokens.prefix(tokens.count - 2 * round) {
        if twin.step(token) != engine.step(token) { fatalError("the engines differ") }
      }
      twin.reset()
      engine.reset()
    }
  }

  /// Whether a header says a vocabulary, or a logit's scale that is no number: only the host looks closely at these.
  private static func isForTheHostToRefuse(_ bytes: [UInt8]) -> Bool {
    let scale = Float(bitPattern: bytes[64..<68].reversed().reduce(0) { $0 << 8 | UInt32($1) })
    return bytes[28] != 0 || bytes[29] != 0 || !scale.isFinite || scale < 0
  }
}
