import Formats
import Kernels

/// What a teacher said about a window's tokens: a share of the loss is the divergence from it instead of the text's
/// cross-entropy.
///
/// A label names few values and what is left for all others, the rest. The divergence is that of distributions over
/// those values and the rest as one: with q the label's probabilities, r its rest, p the student's distribution and P
/// what p leaves for the rest, q log (q / p) summed over the named values, plus r log (r / P). How the student divides
/// the rest is its own affair: nothing was said about it.
public struct SoftTargets {
  let labels: SoftLabels
  /// By token of the window: the number of its label; negative for none.
  let numbers: UnsafePointer<Int32>
  let share: Float

  public init(_ labels: SoftLabels, numbers: UnsafePointer<Int32>, share: Float) {
    self.labels = labels
    self.numbers = numbers
    self.share = share
  }
}

extension KernelSet {
  /// Turns the gradient of a window's cross-entropy at the logits (positions, V) into that of the mix.
  ///
  /// With y the text and s the share, the gradient of (1 - s) CE(y, p) + s KL is p - (1 - s) y - s q at a named value,
  /// and p - (1 - s) y - s r p / P at another. A prediction without a label keeps its own.
  func teach(_ soft: SoftTargets, gradient: Matrix, window: TokenWindow, scale: LossScale<Scalar>) {
    soft.labels.records.withUnsafeBufferPointer { records in
      func teach(_ range: Range<Int>, _ scale: Scalar) {
        guard scale > 0 else { return }
        for row in range where soft.numbers[row + 1] >= 0 {
          let record = UnsafeBufferPointer(
            rebasing: records[Int(soft.numbers[row + 1]) * SoftLabel.byteCount..<records.count])
          let target = Int(window.tokens[row + 1])
          let base = gradient.row(row).base
          // Named, so that the compiler makes a row's loops for the type that trains: this function is made for none.
          if Scalar.self == Float.self {
            let floats = UnsafeMutableRawPointer(base).assumingMemoryBound(to: Float.self)
            SoftRow<Float>(base: floats, target: target, scale: Float(scale), share: soft.share).teach(record)
          } else {
            SoftRow<Scalar>(base: base, target: target, scale: scale, share: Scalar(soft.share)).teach(record)
          }
        }
      }
      teach(window.promptRange, scale.prompt)
      teach(window.replyRange, scale.reply)
    }
  }
}

/// One prediction's gradient: c (p - y), with c its weight.
private struct SoftRow<Scalar: RealNumber> {
  let base: UnsafeMutablePointer<Scalar>
  let target: Int
  let scale: Scalar
  let share: Scalar

  private static var width: Int { 256 }

  /// - Parameter record: begins with the label's.
  func teach(_ record: UnsafeBufferPointer<UInt8>) {
    var count = 0
    var rest = Scalar(SoftLabel.unitCount)
    var isTargetNamed = false
    while count < SoftLabel.entryCount, units(record, count) > 0 {
      rest -= units(record, count)
      if Int(record[count]) == target { isTargetNamed = true }
      count += 1
    }
    guard count > 0 else { return }
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: SoftLabel.entryCount) { named in
      for index in 0..<count {
        named[index] = base[Int(record[index])]
        base[Int(record[index])] = 0
      }
      // Now c p, and 0 at what is named.
      if !isTargetNamed { base[target] = max(0, base[target] + scale) }
      divideRest(rest / Scalar(SoftLabel.unitCount), count, record)
      if !isTargetNamed { base[target] -= scale * (1 - share) }
      for index in 0..<count {
        let token = Int(record[index])
        let label = units(record, index) / Scalar(SoftLabel.unitCount)
        base[token] = named[index] - share * scale * (label - (token == target ? 1 : 0))
      }
    }
  }

  private func divideRest(_ rest: Scalar, _ namedCount: Int, _ record: UnsafeBufferPointer<UInt8>) {
    guard rest > 0 else { return }
    var sum: Scalar = 0
    for token in 0..<Self.width { sum += base[token] }
    if sum > scale * 1e-20 {
      let factor = 1 - share * rest * scale / sum
      for token in 0..<Self.width { base[token] *= factor }
    } else {
      // Too little to say how the student divides it.
      let part = share * rest * scale / Scalar(Self.width - namedCount)
      for token in 0..<Self.width { base[token] -= part }
    }
  }

  private func units(_ record: UnsafeBufferPointer<UInt8>, _ index: Int) -> Scalar {
    Scalar(Int(record[SoftLabel.entryCount + 2 * index]) | Int(record[SoftLabel.entryCount + 2 * index + 1]) << 8)
  }
}
