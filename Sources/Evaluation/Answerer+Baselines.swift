import Lineage

extension Answerer {
  /// Gives the reply of the training request that shares the most letters with the question: what a table of all
  /// training documents would answer.
  public static func nearestRequest(of training: [Example]) -> Answerer {
    let index = TrigramIndex(training.map(\.request))
    let replies = training.map { firstLine(of: $0.reply) }
    return Answerer(name: "nearest request") { questions in
      var search = index.search()
      return questions.map { Reply(text: search.nearest(to: $0.request).map { replies[$0] } ?? "") }
    }
  }

  /// Gives the same reply to everything: the one that training says most often; of equals, the first.
  public static func mostFrequentReply(of training: [Example]) -> Answerer {
    var counts: [String: (count: Int, first: Int)] = [:]
    for (index, example) in training.enumerated() {
      counts[firstLine(of: example.reply), default: (0, index)].count += example.count
    }
    let best = counts.max { ($0.value.count, -$0.value.first) < ($1.value.count, -$1.value.first) }?.key ?? ""
    return Answerer(name: "most frequent reply") { $0.map { _ in Reply(text: best) } }
  }

  /// What a student's reply is, too: it ends with its line.
  private static func firstLine(of reply: String) -> String { String(reply.prefix { !$0.isNewline }) }
}

/// Texts by the three-byte sequences in them, in lower case, so that the nearest of thousands is found at once.
struct TrigramIndex: Sendable {
  private let places: [UInt32: [Int32]]
  /// How many different trigrams each text has.
  private let sizes: [Int32]

  init(_ texts: [String]) {
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

  func search() -> Search { Search(index: self, overlaps: [Int32](repeating: 0, count: sizes.count)) }

  /// Keeps its counters from question to question.
  struct Search {
    fileprivate let index: TrigramIndex
    fileprivate var overlaps: [Int32]

    /// The text with the largest share of trigrams in common (Jaccard's index); of equals, the first. Nil where none
    /// has any in common.
    mutating func nearest(to text: String) -> Int? {
      let trigrams = TrigramIndex.trigrams(of: text)
      for place in overlaps.indices { overlaps[place] = 0 }
      for trigram in trigrams { for place in index.places[trigram] ?? [] { overlaps[Int(place)] += 1 } }
      var best: (place: Int, share: Double)?
      for (place, overlap) in overlaps.enumerated() where overlap > 0 {
        let share = Double(overlap) / Double(Int(index.sizes[place]) + trigrams.count - Int(overlap))
        if share > best?.share ?? 0 { best = (place, share) }
      }
      return best?.place
    }
  }
}
