import Lineage
import Model
import Networks

extension Trainer {
  /// The sum of each held-out window's cross-entropies, or of each held-out document's, in nats, by an engine instead
  /// of the training graph: what its form of the model is worth. Every window begins with an empty state.
  /// - Throws: `HintedError` when a document cannot be read.
  public func heldOutWindowNats(by engine: inout some LogitSource) throws -> [Double] {
    let capacity = 64
    let batch = Batch(capacity: capacity, data: data, promptWeight: nil)
    var windows = HeldOutWindows(data)
    var (nats, units) = ([Double](), [Int]())
    while try windows.fill(batch, capacity: capacity, units: &units) {
      for (index, unit) in units.enumerated() {
        if unit == nats.count { nats.append(0) }
        nats[unit] += try batch[index].nats(by: &engine)
      }
    }
    return nats
  }
}

extension TokenWindow {
  fileprivate func nats(by engine: inout some LogitSource) throws -> Double {
    engine.reset()
    var bits = 0.0
    for position in 0..<positionCount {
      let logits = try engine.step(tokens[position])
      guard position >= countedStart else { continue }
      bits += surprisal(of: tokens[position + 1], logits: logits, scale: engine.logitKind.scale)
    }
    return bits * Double.ln2
  }
}
