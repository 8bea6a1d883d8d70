/// What a teacher says about one token before it is read: its likeliest values, and what is left for all others.
///
/// A record of docs/formats/soft-labels.md. Probabilities are whole parts of `unitCount`.
public struct SoftLabel: Hashable, Sendable {
  /// How many values a record names.
  public static let entryCount = 8
  public static let byteCount = 24
  /// What all probabilities add up to.
  public static let unitCount = 65_535

  public struct Entry: Hashable, Sendable {
    public var token: UInt8
    /// In parts of `unitCount`; above 0.
    public var units: Int

    public init(token: UInt8, units: Int) {
      self.token = token
      self.units = units
    }
  }

  /// The likeliest first, of equals the lower token; none where the teacher says nothing.
  public let entries: [Entry]

  /// The teacher says nothing about this token.
  public static let none = SoftLabel(unchecked: [])

  /// What no entry has.
  public var restUnits: Int { Self.unitCount - entries.reduce(0) { $0 + $1.units } }

  /// Rounds a distribution to whole units, which then add up to one exactly: each gets its whole part, and the units
  /// that are missing go to the largest remainders, the rest among them.
  /// - Parameter masses: by token, 256 of them, none negative; their sum need not be 1. All 0 where nothing is known.
  public init(quantising masses: [Double]) {
    let sum = masses.reduce(0, +)
    guard sum > 0, sum.isFinite else {
      self = .none
      return
    }
    let top = Self.likeliest(masses)
    var shares = top.map { masses[$0] / sum * Double(Self.unitCount) }
    let isAll = masses.count { $0 > 0 } == top.count
    if !isAll { shares.append(max(0, Double(Self.unitCount) - shares.reduce(0, +))) }
    let units = Self.whole(shares)
    entries = Self.sorted(zip(top, units).map { Entry(token: UInt8($0), units: $1) }.filter { $0.units > 0 })
  }

  private init(unchecked entries: [Entry]) { self.entries = entries }

  /// The tokens of the largest masses, the largest first.
  private static func likeliest(_ masses: [Double]) -> [Int] {
    var top: [Int] = []
    for token in masses.indices where masses[token] > 0 {
      guard top.count < entryCount || masses[token] > masses[top[top.count - 1]] else { continue }
      let place = top.firstIndex { masses[$0] < masses[token] } ?? top.count
      top.insert(token, at: place)
      if top.count > entryCount { top.removeLast() }
    }
    return top
  }

  private static func whole(_ shares: [Double]) -> [Int] {
    var units = shares.map { Int($0) }
    let order = shares.indices.sorted { (shares[$0] - Double(units[$0]), $1) > (shares[$1] - Double(units[$1]), $0) }
    for index in order.prefix(max(0, unitCount - units.reduce(0, +))) { units[index] += 1 }
    return units
  }

  private static func sorted(_ entries: [Entry]) -> [Entry] {
    entries.sorted { ($0.units, $1.token) > ($1.units, $0.token) }
  }
}

// MARK: - Bytes

extension SoftLabel {
  /// The record: the tokens, then their units.
  public var bytes: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Self.byteCount)
    for (index, entry) in entries.enumerated() {
      bytes[index] = entry.token
      bytes[Self.entryCount + 2 * index] = UInt8(truncatingIfNeeded: entry.units)
      bytes[Self.entryCount + 2 * index + 1] = UInt8(truncatingIfNeeded: entry.units >> 8)
    }
    return bytes
  }

  /// - Returns: nil for a record that breaks its invariants: units that ascend or exceed all, a token twice, or bytes
  ///   where no entry is.
  public init?(bytes: ArraySlice<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    var entries: [Entry] = []
    for index in 0..<Self.entryCount {
      let place = bytes.startIndex + Self.entryCount + 2 * index
      let entry = Entry(
        token: bytes[bytes.startIndex + index], units: Int(bytes[place]) | Int(bytes[place + 1]) << 8)
      if entry.units > 0 { entries.append(entry) } else if entry.token > 0 { return nil }
      // An entry behind an empty one.
      guard entry.units == 0 || entries.count == index + 1 else { return nil }
    }
    guard entries == Self.sorted(entries), Set(entries.map(\.token)).count == entries.count,
      entries.reduce(0, { $0 + $1.units }) <= Self.unitCount
    else { return nil }
    self.init(unchecked: entries)
  }
}
