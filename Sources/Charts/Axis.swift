import Foundation

/// One direction of a chart: what it measures, how, and over which values.
public struct Axis: Hashable, Sendable {
  public enum Scale: Hashable, Sendable {
    case linear
    /// Equal ratios are equally long; values must be above zero.
    case logarithmic
  }

  /// The quantity with its unit.
  public var label: String
  public var scale: Scale

  public init(_ label: String, scale: Scale = .linear) {
    self.label = label
    self.scale = scale
  }
}

/// An axis laid over pixels. Its range ends at ticks, or a little beyond the data.
struct AxisLayout {
  let scale: Axis.Scale
  let low: Double
  let high: Double
  let ticks: [Double]
  private let start: Double
  private let length: Double

  /// - Parameters:
  ///   - values: what must be shown; those that are not finite, or not above zero on a logarithmic axis, do not count.
  ///   - start: the pixel of the lower end.
  ///   - end: the pixel of the upper end.
  init(_ axis: Axis, showing values: [Double], from start: Double, to end: Double, tickCount: Int = 6) {
    scale = axis.scale
    let shown = values.filter { $0.isFinite && (axis.scale == .linear || $0 > 0) }
    let bounds = Self.bounds(shown, axis.scale)
    switch axis.scale {
    case .linear: ticks = Self.linearTicks(bounds, tickCount)
    case .logarithmic: ticks = Self.logarithmicTicks(bounds)
    }
    low = min(bounds.lowerBound, ticks.first ?? bounds.lowerBound)
    high = max(bounds.upperBound, ticks.last ?? bounds.upperBound)
    self.start = start
    length = end - start
  }

  /// Whether a value can be drawn at all.
  func shows(_ value: Double) -> Bool { value.isFinite && (scale == .linear || value > 0) }

  func pixel(_ value: Double) -> Double {
    switch scale {
    case .linear: start + length * (value - low) / (high - low)
    case .logarithmic: start + length * log(value / low) / log(high / low)
    }
  }

  /// The values' own bounds; a single value gets room on both sides. A logarithmic axis spans a factor of 2 at least,
  /// so that values which are nearly equal look so.
  private static func bounds(_ values: [Double], _ scale: Axis.Scale) -> ClosedRange<Double> {
    let (low, high) = (values.min() ?? 1, values.max() ?? 1)
    guard high > low else {
      return scale == .linear ? (low - 0.5)...(high + 0.5) : (low / 2)...(high * 2)
    }
    guard scale == .logarithmic, high / low < 2 else { return low...high }
    let middle = (low * high).squareRoot()
    return (middle / 2.0.squareRoot())...(middle * 2.0.squareRoot())
  }

  /// Multiples of 1, 2 or 5 times a power of ten that cover the bounds.
  private static func linearTicks(_ bounds: ClosedRange<Double>, _ count: Int) -> [Double] {
    let rough = (bounds.upperBound - bounds.lowerBound) / Double(max(1, count - 1))
    let power = pow(10, log10(rough).rounded(.down))
    let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough * 0.999 } ?? 10 * power
    let first = Int((bounds.lowerBound / step + 1e-9).rounded(.down))
    let last = Int((bounds.upperBound / step - 1e-9).rounded(.up))
    return (first...max(first, last)).map { Double($0) * step }
  }

  /// Powers of ten inside the bounds; over less than two decades, their double and fivefold too; where that is less
  /// than two, as of a linear axis.
  private static func logarithmicTicks(_ bounds: ClosedRange<Double>) -> [Double] {
    let decades = Int(log10(bounds.lowerBound).rounded(.down))...Int(log10(bounds.upperBound).rounded(.up))
    let factors: [Double] = bounds.upperBound / bounds.lowerBound < 100 ? [1, 2, 5] : [1]
    func inside(_ tick: Double) -> Bool { tick >= bounds.lowerBound * 0.999 && tick <= bounds.upperBound * 1.001 }
    let ticks = decades.flatMap { decade in factors.map { $0 * pow(10, Double(decade)) } }.filter(inside)
    return ticks.count > 1 ? ticks : linearTicks(bounds, 6).filter(inside)
  }

  /// A tick's text: as many decimals as tell ticks apart, and thousands separated.
  func text(_ tick: Double) -> String {
    let step = scale == .linear ? zip(ticks.dropFirst(), ticks).map { $0 - $1 }.min() ?? tick : tick
    return Self.decimal(tick, places: step > 0 ? max(0, Int(-(log10(step) + 1e-9).rounded(.down))) : 0)
  }

  private static func decimal(_ value: Double, places: Int) -> String {
    let parts = String(format: "%.\(min(places, 9))f", abs(value)).split(separator: ".", maxSplits: 1)
    var whole = ""
    for (index, digit) in parts[0].enumerated() {
      if index > 0, (parts[0].count - index).isMultiple(of: 3) { whole.append(",") }
      whole.append(digit)
    }
    let text = ([whole] + parts.dropFirst().map(String.init)).joined(separator: ".")
    return value < 0 && text.contains(where: { ("1"..."9").contains($0) }) ? "−" + text : text
  }
}
