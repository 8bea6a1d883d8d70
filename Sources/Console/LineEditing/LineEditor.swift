/// A line that is being written: keys in, edits and events out. Knows no terminal.
public struct LineEditor: Sendable {
  /// What a key leads to, beside the edit itself.
  public enum Event: Hashable, Sendable {
    case edited
    /// Nothing changed.
    case ignored
    /// The line is done; the editor is empty again.
    case entered(String)
    /// Ctrl-C: the line was thrown away.
    case interrupted
    /// Ctrl-D on an empty line.
    case ended
    /// Ctrl-L.
    case clearScreen
  }

  private(set) var characters: [Character] = []
  /// The place between characters: 0 is before the first.
  private(set) var cursor = 0
  /// What was cut last, for Ctrl-Y.
  private var cut: [Character] = []
  public private(set) var history: LineHistory

  public init(history: LineHistory = LineHistory()) { self.history = history }

  public var line: String { String(characters) }

  public mutating func take(_ key: Key) -> Event {
    let before = (characters, cursor)
    switch key {
    case .enter:
      let line = line
      history.add(line)
      replace(with: "")
      return .entered(line)
    case .control("c"):
      replace(with: "")
      return .interrupted
    case .control("d") where characters.isEmpty: return .ended
    case .control("l"): return .clearScreen
    default: edit(key)
    }
    return before == (characters, cursor) ? .ignored : .edited
  }

  private mutating func edit(_ key: Key) {
    switch key {
    case .scalar(let scalar): insert(scalar)
    case .backspace, .control("h"): remove(max(0, cursor - 1)..<cursor)
    case .delete, .control("d"): remove(cursor..<min(cursor + 1, characters.count))
    case .left, .control("b"): cursor = max(0, cursor - 1)
    case .right, .control("f"): cursor = min(characters.count, cursor + 1)
    case .home, .control("a"): cursor = 0
    case .end, .control("e"): cursor = characters.count
    case .wordLeft: cursor = wordStart
    case .wordRight: cursor = wordEnd
    case .control("k"): kill(cursor..<characters.count)
    case .control("u"): kill(0..<cursor)
    case .control("w"): kill(wordStart..<cursor)
    case .control("y"): insert(cut)
    case .up, .control("p"): history.older(than: line).map { replace(with: $0) }
    case .down, .control("n"): history.newer().map { replace(with: $0) }
    default: break
    }
  }

  private mutating func replace(with line: String) {
    characters = Array(line)
    cursor = characters.count
  }

  /// A mark joins the character that it belongs to.
  private mutating func insert(_ scalar: Unicode.Scalar) {
    if cursor > 0 {
      var joined = String(characters[cursor - 1])
      joined.unicodeScalars.append(scalar)
      if joined.count == 1 {
        characters[cursor - 1] = Character(joined)
        return
      }
    }
    insert([Character(scalar)])
  }

  private mutating func insert(_ more: [Character]) {
    characters.insert(contentsOf: more, at: cursor)
    cursor += more.count
  }

  private mutating func remove(_ range: Range<Int>) {
    characters.removeSubrange(range)
    cursor = range.lowerBound
  }

  private mutating func kill(_ range: Range<Int>) {
    if !range.isEmpty { cut = Array(characters[range]) }
    remove(range)
  }

  /// The start of the word before the cursor.
  private var wordStart: Int {
    var place = cursor
    while place > 0, characters[place - 1].isWhitespace { place -= 1 }
    while place > 0, !characters[place - 1].isWhitespace { place -= 1 }
    return place
  }

  /// The end of the word after the cursor.
  private var wordEnd: Int {
    var place = cursor
    while place < characters.count, characters[place].isWhitespace { place += 1 }
    while place < characters.count, !characters[place].isWhitespace { place += 1 }
    return place
  }
}
