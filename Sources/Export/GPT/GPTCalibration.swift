import Basics
import Formats
import Model
import Networks

/// How large a plain GPT's activations are on real text: what its integer form's units are chosen by.
public struct GPTCalibration: Sendable {
  typealias Range = Calibration.Range

  /// Of one block.
  struct Layer: Sendable {
    var attentionStream = Range()
    var feedForwardStream = Range()
    var attentionNormal = Range()
    var feedForwardNormal = Range()
    var query = Range()
    var key = Range()
    var value = Range()
    var mixed = Range()
  }

  private(set) var layers: [Layer]
  /// Of all blocks together: one table of activations serves them all.
  private(set) var hidden = Range()
  private(set) var activated = Range()
  private(set) var finalStream = Range()
  private(set) var finalNormal = Range()
  /// How many positions were read.
  public private(set) var positionCount = 0

  /// Runs the float model over parts of a text, in windows as evaluation does.
  /// - Parameters:
  ///   - weights: what the network computes with, in the layout of the shape.
  ///   - tokens: what the model will be asked to read; held out or trained on.
  ///   - window: tokens of a window, at most the positions that were trained.
  /// - Throws: `HintedError` for an empty text, or a window that the model lacks positions for.
  public init(
    of shape: GPTShape, weights: [Float], on tokens: [UInt8], window: Int,
    positionCount limit: Int = Calibration.positionCount
  ) throws {
    guard !tokens.isEmpty else {
      throw HintedError("the text to calibrate on is empty", hint: "give text of the domain", status: .usage)
    }
    layers = Array(repeating: Layer(), count: shape.layerCount)
    var engine = try GPTEngine(shape: shape, parameters: weights, contextLength: window)
    for token in Calibration.spread(tokens, window: window, count: limit) {
      if positionCount.isMultiple(of: window) { engine.reset() }
      _ = engine.step(token)
      note(engine)
    }
  }

  private mutating func note(_ engine: GPTEngine) {
    positionCount += 1
    for (index, activations) in engine.activations.enumerated() {
      layers[index].attentionStream.note(activations.streams[0])
      layers[index].feedForwardStream.note(activations.streams[1])
      layers[index].attentionNormal.note(activations.attentionNormal)
      layers[index].feedForwardNormal.note(activations.feedForwardNormal)
      layers[index].query.note(activations.query)
      layers[index].key.note(activations.key)
      layers[index].value.note(activations.value)
      layers[index].mixed.note(activations.mixed)
      hidden.note(activations.hidden)
      activated.note(activations.activated)
    }
    finalStream.note(engine.finalStream)
    finalNormal.note(engine.finalNormal)
  }

  /// The largest |x| of the stream anywhere.
  var largestStream: Double {
    layers.reduce(Double(finalStream.largest)) {
      max($0, Double($1.attentionStream.largest), Double($1.feedForwardStream.largest))
    }
  }
}
