/// Too few trainings or windows for an interval: fewer seeds than 3, or fewer windows than 30, do not show how much
/// they vary, and an interval of them would claim what nobody measured.
public struct Shortage: Hashable, Codable, Sendable {
  /// What there is too little of.
  public var unit: Unit
  public var count: Int
  /// What an interval needs.
  public var minimum: Int

  public enum Unit: String, Codable, Sendable {
    case seeds, windows
  }

  public init(unit: Unit, count: Int, minimum: Int) {
    (self.unit, self.count, self.minimum) = (unit, count, minimum)
  }

  public static let seedMinimum = 3
  public static let windowMinimum = 30

  /// - Parameters:
  ///   - seeds: trainings of each; nil where nothing is trained.
  ///   - windows: of the text that is measured, or its documents.
  /// - Returns: nil where there is enough of both.
  public static func of(seeds: Int? = nil, windows: Int) -> Shortage? {
    if let seeds, seeds < seedMinimum { return Shortage(unit: .seeds, count: seeds, minimum: seedMinimum) }
    guard windows < windowMinimum else { return nil }
    return Shortage(unit: .windows, count: windows, minimum: windowMinimum)
  }

  /// `too few seeds: 2 of 3`.
  public var text: String { "too few \(unit.rawValue): \(count) of \(minimum)" }
}
