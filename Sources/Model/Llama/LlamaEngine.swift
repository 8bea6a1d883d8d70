import Formats
import Foundation

/// A llama2.c model, token by token, as its run.c computes it: RMS norm, rotated queries and keys, grouped-query
/// attention, SwiGLU.
public struct LlamaEngine: Sendable {
  private let model: LlamaModel
  /// What each layer remembers of earlier positions: (context, key width), row by row.
  private var keys: [[Float]]
  private var values: [[Float]]
  /// Tokens that were read.
  public private(set) var position = 0

  public init(model: LlamaModel) {
    self.model = model
    let empty = [Float](repeating: 0, count: model.shape.contextLength * model.shape.keyWidth)
    keys = Array(repeating: empty, count: model.shape.layerCount)
    values = keys
  }

  public mutating func reset() { position = 0 }

  /// Reads one token.
  /// - Returns: the logits of the next, one a token of the vocabulary.
  public mutating func step(_ token: Int) -> [Float] {
    precondition(position < model.shape.contextLength, "the sequence is longer than the context")
    let d = model.shape.modelWidth
    var x = Array(model.embedding[token * d..<(token + 1) * d])
    for index in model.layers.indices {
      let layer = model.layers[index]
      accumulate(attention(normed(x, layer.attentionNorm), index), into: &x)
      accumulate(feedForward(normed(x, layer.feedForwardNorm), layer), into: &x)
    }
    position += 1
    return product(model.unembedding, normed(x, model.finalNorm))
  }

  private mutating func attention(_ x: [Float], _ index: Int) -> [Float] {
    let (layer, shape) = (model.layers[index], model.shape)
    let (width, keyWidth) = (shape.headWidth, shape.keyWidth)
    let query = rotated(product(layer.query, x))
    let row = position * keyWidth..<(position + 1) * keyWidth
    keys[index].replaceSubrange(row, with: rotated(product(layer.key, x)))
    values[index].replaceSubrange(row, with: product(layer.value, x))
    let mixed = keys[index].withUnsafeBufferPointer { keys in
      values[index].withUnsafeBufferPointer { values in
        (0..<shape.headCount).flatMap { head in
          let column = head / (shape.headCount / shape.keyHeadCount) * width
          return answer(
            query[head * width..<(head + 1) * width], keys: keys[column...], values: values[column...])
        }
      }
    }
    return product(layer.output, mixed)
  }

  /// One head: the mean of all values so far, weighted by how well their keys fit the query. Keys and values start at
  /// the head's first column.
  private func answer(
    _ query: ArraySlice<Float>, keys: Slice<UnsafeBufferPointer<Float>>, values: Slice<UnsafeBufferPointer<Float>>
  ) -> [Float] {
    let (query, keys, values) = (
      Array(query), UnsafeBufferPointer(rebasing: keys), UnsafeBufferPointer(rebasing: values)
    )
    let (keyWidth, scale) = (model.shape.keyWidth, Float(query.count).squareRoot())
    var scores = [Float](repeating: 0, count: position + 1)
    for t in scores.indices {
      for c in query.indices { scores[t] += query[c] * keys[t * keyWidth + c] }
      scores[t] /= scale
    }
    var answer = [Float](repeating: 0, count: query.count)
    for (t, weight) in distribution(scores).enumerated() {
      for c in answer.indices { answer[c] += weight * values[t * keyWidth + c] }
    }
    return answer
  }

  private func feedForward(_ x: [Float], _ layer: LlamaModel.Layer) -> [Float] {
    let hidden = zip(product(layer.gate, x), product(layer.up, x)).map { gate, up in gate / (1 + exp(-gate)) * up }
    return product(layer.down, hidden)
  }

  /// Pairs (2 i, 2 i + 1) of each head turn by position / 10000^(2 i / width) (Su et al., arXiv:2104.09864).
  private func rotated(_ x: [Float]) -> [Float] {
    let width = model.shape.headWidth
    var x = x
    for i in stride(from: 0, to: x.count, by: 2) {
      let angle = Float(position) / pow(10_000, Float(i % width) / Float(width))
      let (cosine, sine) = (cos(angle), sin(angle))
      (x[i], x[i + 1]) = (x[i] * cosine - x[i + 1] * sine, x[i] * sine + x[i + 1] * cosine)
    }
    return x
  }
}

/// x / sqrt(mean square + 1e-5), times the weight.
private func normed(_ x: [Float], _ weight: [Float]) -> [Float] {
  let scale = 1 / (x.reduce(0) { $0 + $1 * $1 } / Float(x.count) + 1e-5).squareRoot()
  return zip(x, weight).map { $0 * scale * $1 }
}
