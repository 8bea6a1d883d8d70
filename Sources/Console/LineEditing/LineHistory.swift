/// The lines that were entered before, oldest first, and a place among them while the arrows go up and down.
public struct LineHistory: Hashable, Sendable {
  public private(set) var lines: [String]
  /// Counted from the oldest; `lines.count` is the line that is being written.
  private var place: Int
  /// What was being written when the way up began.
  private var draft = ""

  /// How many lines are kept.
  public static let limit = 1000

  public init(_ lines: [String] = []) {
    self.lines = lines.suffix(Self.limit)
    place = self.lines.count
  }

  /// Adds a line, unless it is empty or the newest already, and goes back to the line being written.
  public mutating func add(_ line: String) {
    if !line.isEmpty, line != lines.last { lines.append(line) }
    lines = lines.suffix(Self.limit)
    (place, draft) = (lines.count, "")
  }

  /// - Parameter current: the line as it stands.
  /// - Returns: the line before; nil at the oldest.
  mutating func older(than current: String) -> String? {
    guard place > 0 else { return nil }
    if place == lines.count { draft = current }
    place -= 1
    return lines[place]
  }

  /// - Returns: the line after, at last the draft; nil at the draft.
  mutating func newer() -> String? {
    guard place < lines.count else { return nil }
    place += 1
    return place == lines.count ? draft : lines[place]
  }
}
