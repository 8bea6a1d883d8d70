import Model
import Networks

/// A second derivation of the model from its description, for the tests: it keeps no state, but works the whole text
/// through anew, layer after layer, with plain indices and a sort. It shares `atomeExp` and `atomeTanh` with the engine
/// and nothing else.
struct PrefixRecomputation {
  let model: AtomeModel
  let contextLength: Int

  private var d: Int { model.shape.modelWidth }

  /// The logits after the last byte of `text`.
  func logits(after text: [UInt8]) -> [Float] {
    var stream = text.map { byte in
      (0..<d).map { model.embedding.scale * Float(model.embedding.trits[Int(byte) * d + $0]) }
    }
    for layer in model.layers { stream = block(layer, stream) }
    let last = normalised(stream[text.count - 1], model.finalGamma, model.finalBeta)
    return product(model.unembedding, last)
  }

  /// The residual stream after one block, at every position.
  private func block(_ layer: AtomeLayer, _ stream: [[Float]]) -> [[Float]] {
    let n = stream.map { normalised($0, layer.gamma, layer.beta) }
    let states = stateSpace(layer, n)
    let keys = n.map { product(layer.key, $0) }
    let values = n.map { product(layer.value, $0) }
    return stream.indices.map { t in
      let r = softmax(product(layer.router, n[t]))
      let local = convolution(layer.convolution, n, at: t)
      let sparse = attention(product(layer.query, n[t]), keys, values, at: t)
      return (0..<d).map { c in
        let mixed = r[0] * local[c] + r[1] * (layer.outputGain[c] * states[t][c]) + r[2] * sparse[c]
        return stream[t][c] + mixed
      }
    }
  }

  private func convolution(_ kernel: TernaryTensor, _ n: [[Float]], at t: Int) -> [Float] {
    (0..<d).map { c in
      var sum: Float = 0
      for tap in 0..<kernel.columnCount where t - tap >= 0 {
        switch kernel.trits[c * kernel.columnCount + tap] {
        case 1: sum += n[t - tap][c]
        case -1: sum -= n[t - tap][c]
        default: break
        }
      }
      return kernel.scale * sum
    }
  }

  private func stateSpace(_ layer: AtomeLayer, _ n: [[Float]]) -> [[Float]] {
    var states: [[Float]] = []
    var s = [Float](repeating: 0, count: d)
    for input in n {
      for c in 0..<d { s[c] = atomeTanh(layer.decay[c]) * s[c] + layer.inputGain[c] * input[c] }
      states.append(s)
    }
    return states
  }

  private func attention(_ query: [Float], _ keys: [[Float]], _ values: [[Float]], at t: Int) -> [Float] {
    let scale = 1 / Float(query.count).squareRoot()
    let first = max(0, t - contextLength + 1)
    let scored = (first...t).map { position in
      var sum: Float = 0
      for i in query.indices { sum += query[i] * keys[position][i] }
      return (position: position, score: sum * scale)
    }
    let ranked = scored.sorted { $0.score != $1.score ? $0.score > $1.score : $0.position < $1.position }
    let kept = ranked.prefix(model.shape.topK)
    let weights = softmax(kept.map(\.score))
    return (0..<d).map { c in
      var sum: Float = 0
      for (weight, choice) in zip(weights, kept) { sum += weight * values[choice.position][c] }
      return sum
    }
  }

  private func product(_ matrix: TernaryTensor, _ x: [Float]) -> [Float] {
    (0..<matrix.rowCount).map { row in
      var sum: Float = 0
      for column in 0..<matrix.columnCount {
        switch matrix.trits[row * matrix.columnCount + column] {
        case 1: sum += x[column]
        case -1: sum -= x[column]
        default: break
        }
      }
      return matrix.scale * sum
    }
  }

  private func normalised(_ x: [Float], _ gamma: [Float], _ beta: [Float]) -> [Float] {
    var sum: Float = 0
    for value in x { sum += value }
    let mean = sum / Float(d)
    var squares: Float = 0
    for value in x { squares += (value - mean) * (value - mean) }
    let inverse = 1 / (squares / Float(d) + 1e-5).squareRoot()
    return (0..<d).map { (x[$0] - mean) * inverse * gamma[$0] + beta[$0] }
  }

  private func softmax(_ values: [Float]) -> [Float] {
    let largest = values.max() ?? 0
    var sum: Float = 0
    for value in values { sum += atomeExp(value - largest) }
    return values.map { atomeExp($0 - largest) / (sum + 1e-10) }
  }
}
