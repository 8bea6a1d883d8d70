/// What turns one text into another, word by word: for a person who compares two that are nearly the same.
public enum TextDifference {
  public enum Side: String, Hashable, Codable, Sendable {
    case both
    /// Only in the first text.
    case first
    /// Only in the second.
    case second
  }

  public struct Piece: Hashable, Codable, Sendable {
    public var side: Side
    public var text: String

    public init(_ side: Side, _ text: String) {
      self.side = side
      self.text = text
    }
  }

  /// The pieces of both in order; those of one side and `both` make that side's text. Texts of very many words are
  /// not compared: each is one piece.
  public static func pieces(_ first: String, _ second: String) -> [Piece] {
    let (before, after) = (words(of: first), words(of: second))
    if first == second { return first.isEmpty ? [] : [Piece(.both, first)] }
    guard before.count <= wordLimit, after.count <= wordLimit else {
      return [Piece(.first, first), Piece(.second, second)]
    }
    let changes = after.difference(from: before)
    let removed = Set(changes.removals.map(offset))
    let inserted = Set(changes.insertions.map(offset))
    var (pieces, old, new) = ([Piece](), 0, 0)
    while old < before.count || new < after.count {
      if removed.contains(old), old < before.count {
        append(before[old], .first, to: &pieces)
        old += 1
      } else if inserted.contains(new), new < after.count {
        append(after[new], .second, to: &pieces)
        new += 1
      } else {
        append(before[old], .both, to: &pieces)
        (old, new) = (old + 1, new + 1)
      }
    }
    return pieces
  }

  private static let wordLimit = 4000

  private static func offset(_ change: CollectionDifference<Substring>.Change) -> Int {
    switch change {
    case .insert(let offset, _, _), .remove(let offset, _, _): offset
    }
  }

  private static func append(_ word: Substring, _ side: Side, to pieces: inout [Piece]) {
    if pieces.last?.side == side {
      pieces[pieces.count - 1].text += word
    } else {
      pieces.append(Piece(side, String(word)))
    }
  }

  /// Runs of letters and digits, and every other scalar by itself.
  private static func words(of text: String) -> [Substring] {
    var (words, start) = ([Substring](), text.startIndex)
    let scalars = text.unicodeScalars
    for index in scalars.indices {
      let isWord = scalars[index].properties.isAlphabetic || scalars[index].properties.numericType != nil
      let next = scalars.index(after: index)
      let goesOn =
        next < scalars.endIndex && isWord
        && (scalars[next].properties.isAlphabetic || scalars[next].properties.numericType != nil)
      if !goesOn {
        words.append(Substring(scalars[start..<next]))
        start = next
      }
    }
    return words
  }
}
