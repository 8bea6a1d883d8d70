import Foundation

/// What one would take instead of a student: detectors of a few lines, as scores in deviations.
public enum SeriesBaseline: String, CaseIterable, Codable, Sendable {
  /// Limits that stand still: deviations from the normal part's mean.
  case limits
  /// Deviations from the mean of the last 288 values.
  case movingWindow = "moving window"
  /// Deviations from an exponentially weighted mean, a 64th a reading (Roberts, "Control Chart Tests Based on Geometric
  /// Moving Averages", 1959).
  case movingAverage = "moving average"

  static let windowCount = 288
  static let rate = 1.0 / 64

  /// What a board stores in flash, code not counted.
  public var byteCount: Int {
    switch self {
    case .limits: 8
    case .movingWindow: 4
    case .movingAverage: 12
    }
  }

  /// What a board remembers, in bytes.
  public var memoryByteCount: Int {
    switch self {
    case .limits: 0
    case .movingWindow: 4 * Self.windowCount + 16
    case .movingAverage: 8
    }
  }

  /// - Parameters:
  ///   - values: nil where one is missing, which scores 0.
  ///   - normalCount: how many of the first belong to the normal part.
  public func scores(of values: [Double?], normalCount: Int) -> [Double] {
    let normal = values.prefix(normalCount).compactMap(\.self)
    let mean = normal.reduce(0, +) / Double(max(1, normal.count))
    let variance = normal.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, normal.count))
    func deviations(_ distance: Double, _ variance: Double) -> Double {
      distance == 0 ? 0 : abs(distance) / max(variance.squareRoot(), 1e-9)
    }
    switch self {
    case .limits:
      return values.map { $0.map { deviations($0 - mean, variance) } ?? 0 }
    case .movingAverage:
      var (average, spread) = (normal.first ?? 0, variance)
      return values.map { value in
        guard let value else { return 0 }
        let distance = value - average
        defer {
          average += Self.rate * distance
          spread = (1 - Self.rate) * (spread + Self.rate * distance * distance)
        }
        return deviations(distance, spread)
      }
    case .movingWindow:
      return Self.windowScores(values, deviations)
    }
  }

  private static func windowScores(_ values: [Double?], _ deviations: (Double, Double) -> Double) -> [Double] {
    var window: [Double] = []
    return values.map { value in
      guard let value else { return 0 }
      defer { window = Array((window + [value]).suffix(windowCount)) }
      guard window.count >= 10 else { return 0 }
      let mean = window.reduce(0, +) / Double(window.count)
      let variance = window.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(window.count)
      return deviations(value - mean, variance)
    }
  }

  /// The rows that raise an alarm: scores from the threshold on, where none was within `pause` rows before.
  public static func alarms(in scores: [Double], threshold: Double, pause: Int) -> [Int] {
    var (rows, left) = ([Int](), 0)
    for (row, score) in scores.enumerated() {
      if score >= threshold {
        if left == 0 { rows.append(row) }
        left = pause
      } else {
        left = max(0, left - 1)
      }
    }
    return rows
  }
}
