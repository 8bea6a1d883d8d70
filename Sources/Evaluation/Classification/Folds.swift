import Basics
import Similarity

/// Which texts are held out together: each in one fold, texts of one wording in the same, and each label's texts
/// spread evenly.
public struct Folds: Hashable, Sendable {
  /// Of each text its fold, from 0 on.
  public let fold: [Int]
  public let count: Int

  /// - Parameters:
  ///   - labels: of each text; texts without a label have nil, which counts as one of its own.
  ///   - seed: which of the even ways.
  /// - Throws: `HintedError` for a label with fewer wordings than folds.
  public init(texts: [String], labels: [String?], count: Int, seed: UInt64) throws {
    guard count >= 2 else {
      throw HintedError("there are two folds at least, not \(count)", status: .usage)
    }
    var members: [Wording: [Int]] = [:]
    var wordings: [Wording] = []
    for (index, text) in texts.enumerated() {
      let wording = Wording(of: text)
      if members[wording] == nil { wordings.append(wording) }
      members[wording, default: []].append(index)
    }
    // A wording with several labels goes by its first text's.
    let byLabel = Dictionary(grouping: wordings) { members[$0]?.first.flatMap { labels[$0] } ?? "" }
    var generator = SeededGenerator(seed: seed)
    var fold = Array(repeating: 0, count: texts.count)
    var sizes = Array(repeating: 0, count: count)
    for (label, var wordings) in byLabel.sorted(by: { $0.key < $1.key }) {
      guard wordings.count >= count else {
        throw HintedError(
          "\(label.isEmpty ? "the label of no label" : "the label '\(label)'") has \(wordings.count) different texts, "
            + "where \(count) folds need \(count)",
          hint: "give fewer folds, or more texts of that label", status: .usage)
      }
      for index in wordings.indices.dropFirst().reversed() { wordings.swapAt(index, generator.below(index + 1)) }
      var own = Array(repeating: 0, count: count)
      for wording in wordings {
        // To the fold that has least of the label; of equals to the smallest, then to the first.
        let chosen = own.indices.min { (own[$0], sizes[$0], $0) < (own[$1], sizes[$1], $1) } ?? 0
        let texts = members[wording] ?? []
        for text in texts { fold[text] = chosen }
        own[chosen] += texts.count
        sizes[chosen] += texts.count
      }
    }
    (self.fold, self.count) = (fold, count)
  }
}
