/// The true similarity of texts: of their shingles, those that both have, as a share of those that at least one has
/// (Jaccard). Its table is emptied by counting on, so that no comparison allocates.
public struct JaccardMeter: Sendable {
  private var slots: [Slot] = Array(repeating: Slot(), count: 2048)
  private var stamp: UInt32 = 0
  private var shingles = Shingles()

  private struct Slot {
    var hash: UInt64 = 0
    /// Of the comparison that put it here; others' slots are free.
    var stamp: UInt32 = 0
    var isFirsts = false
  }

  public init() {}

  /// From 0 to 1. Texts without any character are alike.
  /// - Parameters: valid UTF-8.
  public mutating func similarity(
    _ first: UnsafeBufferPointer<UInt8>, _ second: UnsafeBufferPointer<UInt8>
  ) -> Double {
    shingles.read(first)
    begin(room: first.count + second.count)
    let firsts = place(isFirsts: true).new
    shingles.read(second)
    let (seconds, common) = place(isFirsts: false)
    let all = firsts + seconds
    return all == 0 ? 1 : Double(common) / Double(all)
  }

  public mutating func similarity(_ first: String, _ second: String) -> Double {
    var (first, second) = (first, second)
    return first.withUTF8 { first in second.withUTF8 { second in similarity(first, second) } }
  }

  private enum Place { case new, own, others }

  /// Places the shingles that were read.
  private mutating func place(isFirsts: Bool) -> (new: Int, common: Int) {
    var (new, common) = (0, 0)
    let (mask, stamp) = (slots.count - 1, stamp)
    slots.withUnsafeMutableBufferPointer { slots in
      shingles.withHashes { hashes in
        for hash in hashes {
          switch Self.place(hash, slots, mask, stamp, isFirsts: isFirsts) {
          case .new: new += 1
          case .others: common += 1
          case .own: break
          }
        }
      }
    }
    return (new, common)
  }

  /// A common shingle becomes the second text's own, so that it counts once.
  private static func place(
    _ hash: UInt64, _ slots: UnsafeMutableBufferPointer<Slot>, _ mask: Int, _ stamp: UInt32, isFirsts: Bool
  ) -> Place {
    var index = Int(truncatingIfNeeded: hash) & mask
    while slots[index].stamp == stamp {
      if slots[index].hash == hash {
        guard slots[index].isFirsts != isFirsts else { return .own }
        slots[index].isFirsts = isFirsts
        return .others
      }
      index = (index + 1) & mask
    }
    slots[index] = Slot(hash: hash, stamp: stamp, isFirsts: isFirsts)
    return .new
  }

  private mutating func begin(room: Int) {
    var size = slots.count
    while size < 2 * (room + 2) { size *= 2 }
    if size > slots.count || stamp == .max {
      slots = Array(repeating: Slot(), count: size)
      stamp = 0
    }
    stamp += 1
  }
}
