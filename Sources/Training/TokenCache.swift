/// Documents' tokens, one after the other, until a number of bytes is reached.
struct TokenCache {
  private struct Place {
    var start: Int
    var count: Int
    var replyStart: Int?
  }

  /// What a place and its entry in the dictionary take.
  private static let placeByteCount = 64

  private let byteLimit: Int
  private var tokens: [UInt8] = []
  private var places: [Int: Place] = [:]

  init(byteLimit: Int) { self.byteLimit = byteLimit }

  func document(_ index: Int) -> (tokens: [UInt8], replyStart: Int?)? {
    guard let place = places[index] else { return nil }
    return (Array(tokens[place.start..<place.start + place.count]), place.replyStart)
  }

  /// Keeps a document if there is room.
  mutating func keep(_ document: TokenDocument, as index: Int) {
    let used = tokens.count + places.count * Self.placeByteCount
    guard used + document.tokens.count + Self.placeByteCount <= byteLimit else { return }
    places[index] = Place(start: tokens.count, count: document.tokens.count, replyStart: document.replyStart)
    tokens += document.tokens
  }
}
