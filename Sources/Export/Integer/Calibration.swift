import Basics
import Model
import Networks

/// How large a model's activations are on real text: what the integer format's units are chosen by.
public struct Calibration: Sendable {
  /// Of each block's input, then of the final norm's.
  private(set) var stream: [Range]
  private(set) var normal: [Range]
  /// Of the same: the magnitudes of each five channels, added up.
  private(set) var normalGroups: [Range]
  private(set) var query: [Range]
  private(set) var key: [Range]
  private(set) var value: [Range]
  /// (N, d): the largest |s| of each channel.
  private(set) var state: [[Float]]
  /// How many positions were read.
  public private(set) var positionCount = 0

  /// Positions that are enough: units change by less than their headroom beyond.
  public static let positionCount = 4096

  /// Runs the float reference over the beginning of a text, in windows as evaluation does.
  /// - Parameters:
  ///   - text: what the model will be asked to read, held out from training.
  ///   - window: bytes in a window, which is also the context.
  /// - Throws: `HintedError` for an empty text or a window outside the engine's limits.
  public init(of model: AtomeModel, on text: [UInt8], window: Int = 64, positionCount limit: Int = positionCount) throws
  {
    guard !text.isEmpty else {
      throw HintedError("the text to calibrate on is empty", hint: "give held-out text of the domain", status: .usage)
    }
    let layerCount = model.shape.layerCount
    stream = Array(repeating: Range(), count: layerCount + 1)
    normal = stream
    normalGroups = stream
    query = Array(repeating: Range(), count: layerCount)
    key = query
    value = query
    state = Array(repeating: [Float](repeating: 0, count: model.shape.modelWidth), count: layerCount)
    var engine = try ReferenceEngine(model: model, contextLength: window)
    for byte in Self.spread(text, window: window, count: limit) {
      if positionCount % window == 0 { engine.reset() }
      _ = engine.step(byte)
      note(engine)
    }
  }

  /// Whole windows at equal distances, so that they come from all of the text.
  static func spread(_ text: [UInt8], window: Int, count: Int) -> [UInt8] {
    let windowCount = text.count / window
    let kept = max(1, count / window)
    guard windowCount > kept else { return Array(text.prefix(max(count, window))) }
    return (0..<kept).flatMap { index in
      let start = index * windowCount / kept * window
      return text[start..<start + window]
    }
  }

  private mutating func note(_ engine: ReferenceEngine) {
    positionCount += 1
    for (layer, activations) in engine.activations.enumerated() {
      stream[layer].note(activations.stream)
      normal[layer].note(activations.normal)
      normalGroups[layer].note(groupMagnitudes(activations.normal))
      query[layer].note(activations.query)
      key[layer].note(activations.key)
      value[layer].note(activations.value)
      for (channel, s) in activations.state.enumerated() {
        state[layer][channel] = max(state[layer][channel], abs(s))
      }
    }
    stream[stream.count - 1].note(engine.finalStream)
    normal[normal.count - 1].note(engine.finalNormal)
    normalGroups[normal.count - 1].note(groupMagnitudes(engine.finalNormal))
  }
}

extension Calibration {
  /// The magnitudes that some numbers had: a histogram whose bins are 1/16 octave wide.
  struct Range: Sendable {
    private(set) var largest: Float = 0
    private var counts: [Int: Int] = [:]

    mutating func note(_ numbers: [Float]) {
      for number in numbers {
        let magnitude = abs(number)
        largest = max(largest, magnitude)
        counts[Self.bin(of: magnitude), default: 0] += 1
      }
    }

    private static func bin(of magnitude: Float) -> Int {
      // The exponent and the four leading bits of the fraction.
      Int(magnitude.bitPattern >> 19)
    }

    private static func middle(of bin: Int) -> Double {
      Double(Float(bitPattern: UInt32(bin) << 19 | 0x4_0000))
    }

    /// The magnitude that a number has at most, in so large a part of all cases.
    func quantile(_ part: Double) -> Double {
      let total = counts.values.reduce(0, +)
      var seen = 0
      for (bin, count) in counts.sorted(by: { $0.key < $1.key }) {
        seen += count
        if Double(seen) >= part * Double(total) { return Self.middle(of: bin) }
      }
      return 1
    }

    /// The magnitude at which to cut, so that numbers in steps of 1/levels of it have the least mean squared error:
    /// what is cut off weighs against the finer step (Banner, Nahshan and Soudry, "Post training 4-bit quantization",
    /// NeurIPS 2019, by search rather than by a distribution's shape).
    func bestLimit(levels: Double) -> Double {
      guard largest > 0 else { return 1 }
      let candidates = stride(from: 1.0, through: 0.3, by: -0.02).map { $0 * Double(largest) }
      return candidates.min { error(limit: $0, levels: levels) < error(limit: $1, levels: levels) } ?? Double(largest)
    }

    private func error(limit: Double, levels: Double) -> Double {
      let step = limit / levels
      return counts.reduce(0) { sum, entry in
        let magnitude = Self.middle(of: entry.key)
        let excess = magnitude - limit
        return sum + Double(entry.value) * (excess > 0 ? excess * excess : step * step / 12)
      }
    }
  }
}

/// The magnitudes of each five channels, which a product's table takes together, added up.
private func groupMagnitudes(_ normal: [Float]) -> [Float] {
  stride(from: 0, to: normal.count, by: 5).map { start in
    normal[start..<min(start + 5, normal.count)].reduce(0) { $0 + abs($1) }
  }
}
