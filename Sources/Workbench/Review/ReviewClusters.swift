import Basics
import Lineage

/// Which texts of a corpus are nearly the same, for an order that shows them together.
struct ReviewClusters {
  /// Of a copy, the document that stands for it, or is the least of its set.
  private var roots: [ContentID: ContentID] = [:]
  private var sizes: [ContentID: Int] = [:]

  mutating func add(copy: ContentID, of document: ContentID?) {
    guard let document, copy != document, roots[copy] == nil else { return }
    roots[copy] = document
    sizes[document, default: 1] += 1
  }

  /// The largest sets first, members of a set in the order in which they come: documents, then what was refused.
  func place(of text: ReviewText) -> UInt64 {
    var root = text.id
    // A copy of a copy is of its set.
    for _ in 0..<8 { if let next = roots[root] { root = next } }
    let size = UInt64(min(sizes[root] ?? 1, 0xff_ffff))
    let hash = root.digest.prefix(5).reduce(UInt64.zero) { $0 << 8 | UInt64($1) }
    return (0xff_ffff - size) << 40 | hash
  }
}

extension ReviewText {
  /// The number of a judgement.
  var score: Double? { judgement.flatMap { Double($0) } }
}
