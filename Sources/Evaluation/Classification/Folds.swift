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
    try Self.check(byLabel.mapValues(\.count), count)
    var generator = SeededGenerator(seed: seed)
    var fold = Array(repeating: 0, count: texts.count)
    var sizes = Array(repeating: 0, count: count)
    for (_, var wordings) in byLabel.sorted(by: { $0.key < $1.key }) {
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

  /// How many short labels an error names.
  private static let namedCount = 8

  /// - Parameter counts: different texts of each label.
  private static func check(_ counts: [String: Int], _ foldCount: Int) throws {
    let short = counts.filter { $0.value < foldCount }.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
    guard !short.isEmpty else { return }
    let named = short.prefix(namedCount).map { "\($0.key.isEmpty ? "no label" : "'\($0.key)'") \($0.value)" }
    let more = short.count > namedCount ? " and \(short.count - namedCount) more" : ""
    throw HintedError(
      "\(foldCount) folds need \(foldCount) different texts of each label; there are of "
        + named.joined(separator: ", ") + more,
      hint: "give fewer folds, or more texts of \(short.count == 1 ? "that label" : "those labels")",
      status: .usage)
  }
}
