/// One JSON object of a line, read where it stands: its members by name, as ranges of bytes. It is checked as RFC 8259
/// has it; deeper than 128 levels is refused.
struct JSONLine {
  struct Member {
    /// With its quotes.
    var name: Range<Int>
    var value: Range<Int>
  }

  private(set) var members: [Member] = []
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position: Int
  private let end: Int

  struct Malformed: Error {
    var what: String
    var offset: Int
  }

  /// - Throws: `Malformed` with the offset from the line's beginning.
  init(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) throws(Malformed) {
    self.bytes = bytes
    (position, end) = (line.lowerBound, line.upperBound)
    do {
      try readObject()
    } catch {
      throw Malformed(what: error.what, offset: error.offset - line.lowerBound)
    }
  }

  private mutating func readObject() throws(Malformed) {
    skipBlanks()
    try take(UInt8(ascii: "{"), "no JSON object")
    skipBlanks()
    if peek == UInt8(ascii: "}") {
      position += 1
    } else {
      repeat {
        skipBlanks()
        let name = position
        try skipString()
        let nameEnd = position
        skipBlanks()
        try take(UInt8(ascii: ":"), "no ':' behind a name")
        skipBlanks()
        let value = position
        try skipValue(depth: 1)
        members.append(Member(name: name..<nameEnd, value: value..<position))
        skipBlanks()
      } while takeIf(UInt8(ascii: ","))
      try take(UInt8(ascii: "}"), "no ',' or '}' behind a value")
    }
    skipBlanks()
    if position != end { throw malformed("text behind the object") }
  }

  // MARK: - Values

  private mutating func skipValue(depth: Int) throws(Malformed) {
    guard depth < 128 else { throw malformed("deeper than 128 levels") }
    switch peek {
    case UInt8(ascii: "\""): try skipString()
    case UInt8(ascii: "{"): try skipContainer(close: UInt8(ascii: "}"), isObject: true, depth)
    case UInt8(ascii: "["): try skipContainer(close: UInt8(ascii: "]"), isObject: false, depth)
    case UInt8(ascii: "t"): try skipWord("true")
    case UInt8(ascii: "f"): try skipWord("false")
    case UInt8(ascii: "n"): try skipWord("null")
    default: try skipNumber()
    }
  }

  private mutating func skipContainer(close: UInt8, isObject: Bool, _ depth: Int) throws(Malformed) {
    position += 1
    skipBlanks()
    if takeIf(close) { return }
    repeat {
      skipBlanks()
      if isObject {
        try skipString()
        skipBlanks()
        try take(UInt8(ascii: ":"), "no ':' behind a name")
        skipBlanks()
      }
      try skipValue(depth: depth + 1)
      skipBlanks()
    } while takeIf(UInt8(ascii: ","))
    try take(close, "no ',' and no end behind a value")
  }

  private mutating func skipString() throws(Malformed) {
    try take(UInt8(ascii: "\""), "no string where one belongs")
    let line = UnsafeBufferPointer(rebasing: bytes[..<end])
    while position < end {
      position = ByteWords.firstToEscape(in: line, from: position)
      guard let byte = peek else { break }
      if byte == UInt8(ascii: "\"") {
        position += 1
        return
      }
      if byte < 0x20 { throw malformed("a control character inside a string") }
      try skipEscape()
    }
    throw malformed("a string has no end")
  }

  private mutating func skipEscape() throws(Malformed) {
    position += 1
    switch peek {
    case UInt8(ascii: "u"):
      guard position + 4 < end, (1...4).allSatisfy({ Self.digit(bytes[position + $0]) != nil }) else {
        throw malformed("\\u without four hexadecimal digits")
      }
      position += 5
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      position += 1
    default: throw malformed("an unknown escape")
    }
  }

  private mutating func skipWord(_ word: StaticString) throws(Malformed) {
    for index in 0..<word.utf8CodeUnitCount {
      guard position < end, bytes[position] == word.utf8Start[index] else { throw malformed("no JSON value") }
      position += 1
    }
  }

  private mutating func skipNumber() throws(Malformed) {
    _ = takeIf(UInt8(ascii: "-"))
    if !takeIf(UInt8(ascii: "0")) { try skipDigits() }
    if takeIf(UInt8(ascii: ".")) { try skipDigits() }
    if takeIf(UInt8(ascii: "e")) || takeIf(UInt8(ascii: "E")) {
      if !takeIf(UInt8(ascii: "+")) { _ = takeIf(UInt8(ascii: "-")) }
      try skipDigits()
    }
  }

  private mutating func skipDigits() throws(Malformed) {
    let first = position
    while let byte = peek, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
    if position == first { throw malformed("no JSON value") }
  }

  // MARK: - Bytes

  private var peek: UInt8? { position < end ? bytes[position] : nil }

  private mutating func skipBlanks() {
    while position < end {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return
      }
    }
  }

  private mutating func takeIf(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    position += 1
    return true
  }

  private mutating func take(_ byte: UInt8, _ what: String) throws(Malformed) {
    guard takeIf(byte) else { throw malformed(what) }
  }

  private func malformed(_ what: String) -> Malformed { Malformed(what: what, offset: position) }

  static func digit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte) - 48
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte) - 87
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte) - 55
    default: nil
    }
  }
}
