/// An answer as its tokens come: says no half character, and nothing that may turn out to be a stop.
///
/// The pieces together are the whole answer as one text: bytes that are no UTF-8 become U+FFFD.
public struct AnswerText: Sendable {
  private let stops: [[UInt8]]
  /// What is not yet said.
  private var bytes: [UInt8] = []
  /// Those of which some byte is not yet said, and where each begins in `bytes`; a place below 0 is said in part.
  private var tokens: [(token: AnswerToken, place: Int)] = []
  public private(set) var isStopped = false

  /// - Parameter stops: end the text and are no part of it.
  public init(stops: [String]) { self.stops = stops.map { Array($0.utf8) } }

  /// - Returns: what can be said now.
  public mutating func hear(_ token: AnswerToken) -> (text: String, tokens: [AnswerToken]) {
    guard !isStopped else { return ("", []) }
    tokens.append((token, bytes.count))
    bytes += token.bytes
    if let stop = stops.compactMap({ bytes.firstRange(of: $0)?.lowerBound }).min() {
      isStopped = true
      bytes.removeSubrange(stop...)
      tokens.removeAll { $0.place >= stop }
      return flush()
    }
    return say(bytes.count - max(possibleStop, openCharacter))
  }

  /// Ends the text.
  /// - Returns: what is left to be said.
  public mutating func flush() -> (text: String, tokens: [AnswerToken]) { say(bytes.count) }

  private mutating func say(_ count: Int) -> (text: String, tokens: [AnswerToken]) {
    let text = String(decoding: bytes[..<count], as: UTF8.self)
    bytes.removeFirst(count)
    let isAll = bytes.isEmpty
    let said = tokens.prefix { isAll || $0.place + $0.token.bytes.count <= count }
    tokens.removeFirst(said.count)
    for index in tokens.indices { tokens[index].place -= count }
    return (text, said.map(\.token))
  }

  /// How many of the last bytes begin a stop.
  private var possibleStop: Int {
    let longest = min(bytes.count, (stops.map(\.count).max() ?? 1) - 1)
    return stride(from: longest, to: 0, by: -1).first { count in
      stops.contains { $0.count > count && $0.starts(with: bytes.suffix(count)) }
    } ?? 0
  }

  /// How many of the last bytes begin a character of UTF-8.
  private var openCharacter: Int {
    for count in 1...3 where count <= bytes.count {
      let byte = bytes[bytes.count - count]
      if byte & 0xC0 == 0x80 { continue }
      let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
      return length > count ? count : 0
    }
    return 0
  }
}
