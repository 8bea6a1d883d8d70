/// Texts by the three-byte sequences in them, in lower case, so that the nearest of thousands is found at once.
public struct TrigramIndex: Sendable {
  private let places: [UInt32: [Int32]]
  /// How many different trigrams each text has.
  private let sizes: [Int32]

  public init(_ texts: [String]) {
    var places: [UInt32: [Int32]] = [:]
    var sizes: [Int32] = []
    for (index, text) in texts.enumerated() {
      let trigrams = Self.trigrams(of: text)
      for trigram in trigrams { places[trigram, default: []].append(Int32(index)) }
      sizes.append(Int32(trigrams.count))
    }
    self.places = places
    self.sizes = sizes
  }

  static func trigrams(of text: String) -> Set<UInt32> {
    // One zero at each side, so that the first and the last letter count, and a text of one letter has a trigram.
    let bytes: [UInt8] = [0] + Array(text.lowercased().utf8) + [0]
    guard bytes.count >= 3 else { return [] }
    var trigrams: Set<UInt32> = []
    var last: UInt32 = 0
    for (index, byte) in bytes.enumerated() {
      last = (last << 8 | UInt32(byte)) & 0xFF_FFFF
      if index >= 2 { trigrams.insert(last) }
    }
    return trigrams
  }

  public func search() -> Search { Search(index: self, overlaps: [Int32](repeating: 0, count: sizes.count)) }

  /// Keeps its counters from question to question.
  public struct Search {
    fileprivate let index: TrigramIndex
    fileprivate var overlaps: [Int32]

    /// The text with the largest share of trigrams in common (Jaccard's index); of equals, the first. Nil where none
    /// has any in common.
    mutating func nearest(to text: String) -> Int? { nearest(to: text, count: 1).first?.place }

    /// The texts with the largest shares, best first; none that has nothing in common.
    public mutating func nearest(to text: String, count: Int) -> [(place: Int, share: Double)] {
      let trigrams = TrigramIndex.trigrams(of: text)
      for place in overlaps.indices { overlaps[place] = 0 }
      for trigram in trigrams { for place in index.places[trigram] ?? [] { overlaps[Int(place)] += 1 } }
      var best: [(place: Int, share: Double)] = []
      for (place, overlap) in overlaps.enumerated() where overlap > 0 {
        let share = Double(overlap) / Double(Int(index.sizes[place]) + trigrams.count - Int(overlap))
        if best.count == count, share <= best.last?.share ?? 0 { continue }
        best.insert((place, share), at: best.firstIndex { $0.share < share } ?? best.endIndex)
        if best.count > count { best.removeLast() }
      }
      return best
    }
  }
}
