import Basics

/// What an answer that comes piece by piece is made of: Server-Sent Events (WHATWG HTML, "Server-sent events"), or a
/// JSON value a line, as Ollama sends them.
struct EventStream {
  /// In the order in which they came.
  private(set) var events: [JSONValue] = []
  /// Whether the server said `[DONE]`.
  private(set) var isDone = false
  /// Half surrogate pairs that became U+FFFD.
  private(set) var repairCount = 0
  private var data: [ArraySlice<UInt8>] = []

  /// Whether a response with this content type is a stream.
  static func isStream(contentType: String?) -> Bool {
    guard let type = contentType?.lowercased() else { return false }
    return type.contains("event-stream") || type.contains("ndjson") || type.contains("jsonl")
  }

  /// - Throws: `MalformedAnswer` for an event that is no JSON.
  init(_ bytes: [UInt8]) throws {
    for line in Self.lines(of: bytes) {
      if line.isEmpty {
        try dispatch()
      } else if line.first == UInt8(ascii: "{") {
        try append(line)
      } else if let value = Self.value(of: line, field: "data") {
        data.append(value)
      }
      // Comments, which keep a connection open, and other fields say nothing that the events do not.
    }
    // A server that ends without the last blank line has still said it.
    try dispatch()
  }

  /// Lines end with CR LF, LF or CR; a byte order mark before the first is skipped.
  private static func lines(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var rest = bytes[...]
    if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
    var lines: [ArraySlice<UInt8>] = []
    while !rest.isEmpty {
      let end = rest.firstIndex { $0 == 0x0A || $0 == 0x0D } ?? rest.endIndex
      lines.append(rest[rest.startIndex..<end])
      rest = rest[end...]
      if rest.starts(with: [0x0D, 0x0A]) { rest = rest.dropFirst() }
      rest = rest.dropFirst()
    }
    return lines
  }

  private static func value(of line: ArraySlice<UInt8>, field: String) -> ArraySlice<UInt8>? {
    guard line.starts(with: Array("\(field):".utf8)) else { return nil }
    let value = line.dropFirst(field.utf8.count + 1)
    return value.first == 0x20 ? value.dropFirst() : value
  }

  /// Ends an event: its data lines are one text. Where that is no JSON, a server left out blank lines between events.
  private mutating func dispatch() throws {
    defer { data = [] }
    guard data.count > 1, (try? LenientJSON(Array(data.joined(separator: [0x0A])))) == nil else {
      return try append(ArraySlice(data.joined(separator: [0x0A])))
    }
    for line in data { try append(line) }
  }

  private mutating func append(_ text: ArraySlice<UInt8>) throws {
    guard !text.isEmpty else { return }
    guard !text.elementsEqual("[DONE]".utf8) else {
      isDone = true
      return
    }
    do {
      let event = try LenientJSON(Array(text))
      events.append(event.value)
      repairCount += event.repairCount
    } catch {
      let detail = (error as? LenientJSON.Failure)?.detail ?? "\(error)"
      throw MalformedAnswer("event \(events.count + 1) of the streamed answer: \(detail)")
    }
  }
}

/// The pieces of one text of a streamed answer.
struct TextPieces {
  private(set) var text = ""

  mutating func append(_ piece: JSONValue?) {
    switch piece {
    case .string(let text): self.text += text
    case .array(let parts): for part in parts { append(part["text"]) }
    default: break
    }
  }

  var value: JSONValue { .string(text) }
}
