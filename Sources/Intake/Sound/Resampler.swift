import Foundation

/// Sound at another rate: a windowed sinc of 16 zero crossings on each side, cut off below half of the smaller rate.
public struct Resampler: Sendable {
  private static let crossingCount = 16
  private let step: (from: Int, to: Int)
  private let reach: Int
  /// Of each phase the weights of the samples from `reach - 1` before a place to `reach` behind it.
  private let kernels: [[Double]]

  public init(from source: Int, to target: Int) {
    var (a, b) = (source, target)
    while b != 0 { (a, b) = (b, a % b) }
    step = (source / a, target / a)
    let cutoff = min(1, Double(target) / Double(source)) * (source == target ? 1 : 0.95)
    reach = Int((Double(Self.crossingCount) / cutoff).rounded(.up))
    let (width, phaseCount) = (reach, step.to)
    kernels = (0..<phaseCount).map { phase in
      let kernel = (1 - width...width).map { offset in
        Self.weight((Double(offset) - Double(phase) / Double(phaseCount)) * cutoff)
      }
      let sum = kernel.reduce(0, +)
      return kernel.map { $0 / sum }
    }
  }

  private static func weight(_ place: Double) -> Double {
    let share = place / Double(crossingCount)
    guard abs(share) < 1 else { return 0 }
    let sinc = place == 0 ? 1 : sin(.pi * place) / (.pi * place)
    return sinc * (0.5 + 0.5 * cos(.pi * share))
  }

  public func resample(_ samples: [Double]) -> [Double] {
    guard step.from != step.to else { return samples }
    return samples.withUnsafeBufferPointer { samples in
      (0..<samples.count * step.to / step.from).map { index in
        let (place, phase) = (index * step.from / step.to, index * step.from % step.to)
        let first = place + 1 - reach
        return kernels[phase].withUnsafeBufferPointer { kernel in
          var sum = 0.0
          for tap in max(0, -first)..<max(0, min(kernel.count, samples.count - first)) {
            sum += kernel[tap] * samples[first + tap]
          }
          return sum
        }
      }
    }
  }
}
