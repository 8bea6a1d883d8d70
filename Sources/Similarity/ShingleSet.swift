/// The distinct shingles of a text, ascending. Two of these are compared without reading the texts again.
package struct ShingleSet: Sendable {
  private let hashes: [UInt64]

  /// - Parameter shingles: of the text that was read last.
  package init(_ shingles: borrowing Shingles) {
    var hashes = shingles.withHashes { Array($0) }
    hashes.sort()
    var count = 0
    for hash in hashes where count == 0 || hashes[count - 1] != hash {
      hashes[count] = hash
      count += 1
    }
    hashes.removeLast(hashes.count - count)
    self.hashes = hashes
  }

  var count: Int { hashes.count }

  /// Whether both are at least as alike as `threshold`, as `JaccardMeter` measures it.
  package func isAlike(_ other: ShingleSet, atLeast threshold: Double) -> Bool {
    let least = Self.leastCommonCount(of: count + other.count, threshold)
    return hashes.withUnsafeBufferPointer { first in
      other.hashes.withUnsafeBufferPointer { Self.haveCommon(least, first, $0) }
    }
  }

  /// Stops where too many were found in one only.
  private static func haveCommon(
    _ least: Int, _ first: UnsafeBufferPointer<UInt64>, _ second: UnsafeBufferPointer<UInt64>
  ) -> Bool {
    let (firstEnd, secondEnd) = (first.count - least, second.count - least)
    var (i, j, common) = (0, 0, 0)
    // Those of one text that the other lacks are i - common and j - common.
    while i - common <= firstEnd, j - common <= secondEnd, i < first.count, j < second.count {
      let (a, b) = (first[i], second[j])
      // Without branches, which nobody could predict.
      common += a == b ? 1 : 0
      i += a <= b ? 1 : 0
      j += b <= a ? 1 : 0
    }
    return common >= least
  }

  /// How many shingles two sets of so many in all have in common, at least, where they are as alike as that.
  private static func leastCommonCount(of total: Int, _ threshold: Double) -> Int {
    var count = Int(threshold * Double(total) / (1 + threshold))
    // What rounding took or gave.
    while count > 0, Double(count - 1) / Double(total - count + 1) >= threshold { count -= 1 }
    while Double(count) / Double(total - count) < threshold { count += 1 }
    return count
  }
}

/// The shingle sets of texts that are compared with each other, made when they are first asked for, and kept as long as
/// there is room.
struct ShingleSets {
  private static let largestHashCount = 1 << 20

  private var sets: [ShingleSet?]
  private var hashCount = 0
  private var shingles = Shingles()

  init(count: Int) { sets = Array(repeating: nil, count: count) }

  /// - Parameter text: the text in question, in valid UTF-8.
  mutating func set(_ position: Int, _ text: () throws -> [UInt8]) rethrows -> ShingleSet {
    if let known = sets[position] { return known }
    try text().withUnsafeBufferPointer { shingles.read($0) }
    let made = ShingleSet(shingles)
    if hashCount + made.count <= Self.largestHashCount {
      hashCount += made.count
      sets[position] = made
    }
    return made
  }
}
