/// `n[c] = (((x[c] - mean) * inverse) * gamma[c]) + beta[c]`, with the population's variance.
package func layerNorm(_ x: [Float], gamma: [Float], beta: [Float]) -> [Float] {
  let count = Float(x.count)
  let mean = x.reduce(0, +) / count
  let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
  let inverse = 1 / (variance + 1e-5).squareRoot()
  return x.indices.map { (((x[$0] - mean) * inverse) * gamma[$0]) + beta[$0] }
}

/// `e[i] / (sum + 1e-10)`, each e[i] = exp(v[i] - max).
package func softmax(_ values: [Float]) -> [Float] {
  var largest = -Float.infinity
  for value in values where value > largest { largest = value }
  let exponentials = values.map { atomeExp($0 - largest) }
  let sum = exponentials.reduce(0, +)
  return exponentials.map { $0 / (sum + 1e-10) }
}

/// The sum of products in ascending order.
func dot(_ left: [Float], _ right: [Float]) -> Float {
  var sum: Float = 0
  for index in left.indices { sum += left[index] * right[index] }
  return sum
}

/// The positions of the k largest scores, in descending order of score; of equal scores the earlier comes first.
package func largest<Score: Comparable>(_ k: Int, of scores: [Score]) -> [Int] {
  var kept: [Int] = []
  for (position, score) in scores.enumerated() {
    // Strictly greater: an equal score that came earlier stays ahead.
    let place = kept.firstIndex { score > scores[$0] } ?? kept.count
    guard place < k else { continue }
    kept.insert(position, at: place)
    if kept.count > k { kept.removeLast() }
  }
  return kept
}
