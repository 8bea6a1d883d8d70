/// What `alambic new` leaves in brackets in a datasheet, for the person to write: `[Who needs it, and why.]`.
public struct UnwrittenPlaces: Hashable, Sendable {
  public var count: Int
  /// On one line.
  public var first: String

  /// - Returns: nil where all is written. A link, `[text](address)`, is none.
  public init?(in text: String) {
    let places = text.matches(of: /\[[A-Z][^\]]*\](?!\()/)
    guard let first = places.first else { return nil }
    (count, self.first) = (places.count, first.output.split(whereSeparator: \.isWhitespace).joined(separator: " "))
  }
}
