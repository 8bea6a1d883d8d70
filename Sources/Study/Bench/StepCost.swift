import Basics
import Foundation

/// A training step's time as a sum: of a step, of its bytes, and of the pairs of positions that attention compares.
public struct StepCost: Codable, Sendable {
  /// Whatever the step's size.
  public var nanosecondsPerStep: Double
  public var nanosecondsPerByte: Double
  /// For each position and each up to it: (window + 1) / 2 a byte.
  public var nanosecondsPerPair: Double
  /// The median over cells of how far the sum is from what was measured, as a share of it.
  public var medianError: Double

  /// By least squares of relative errors; no part is below zero.
  package init(fitting cells: [TrainingSweep.Cell]) {
    let rows = cells.map { cell in
      let byteCount = Double(cell.byteCount)
      return SIMD3(1, byteCount, byteCount * Double(cell.windowTokenCount + 1) / 2) / cell.nanoseconds
    }
    var parts = Self.leastSquares(rows)
    var used = SIMD3<Double>.one
    while let least = (0..<3).min(by: { parts[$0] < parts[$1] }), parts[least] < 0 {
      used[least] = 0
      parts = Self.leastSquares(rows.map { $0 * used })
    }
    nanosecondsPerStep = parts.x
    nanosecondsPerByte = parts.y
    nanosecondsPerPair = parts.z
    let errors = rows.map { abs(($0 * parts).sum() - 1) }.sorted()
    medianError = errors.isEmpty ? 0 : errors[errors.count / 2]
  }

  /// The p for which all row · p are nearest to 1, by the normal equations.
  private static func leastSquares(_ rows: [SIMD3<Double>]) -> SIMD3<Double> {
    var matrix = (0..<3).map { i in rows.reduce(SIMD3<Double>.zero) { $0 + $1 * $1[i] } }
    var sums = rows.reduce(SIMD3<Double>.zero, +)
    // A Gram matrix is eliminated without pivoting. What no row has gets nothing.
    for i in 0..<3 where matrix[i][i] > 0 {
      for j in 0..<3 where j != i {
        let factor = matrix[j][i] / matrix[i][i]
        matrix[j] -= factor * matrix[i]
        sums[j] -= factor * sums[i]
      }
    }
    return SIMD3((0..<3).map { matrix[$0][$0] > 0 ? sums[$0] / matrix[$0][$0] : 0 })
  }
}

extension StepCost: CustomStringConvertible {
  public var description: String {
    let milliseconds = String(format: "%.2f", nanosecondsPerStep / 1e6)
    let bytes = String(format: "%.0f", nanosecondsPerByte)
    let pairs = String(format: "%.1f", nanosecondsPerPair)
    return "\(milliseconds) ms a step, \(bytes) ns a byte and \(pairs) ns a pair; "
      + "half of the cells are within \(String(format: "%.0f", medianError * 100)) % of that"
  }
}
