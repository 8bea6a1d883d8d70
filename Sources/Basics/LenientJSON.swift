/// Reads JSON as servers send it, which Foundation's reader refuses whole over a member that nobody needs: NaN and
/// numbers of any size are kept as text, and half a surrogate pair becomes U+FFFD and is counted. A text that is cut
/// short, has something behind its end or nests deeper than `depthLimit` is refused.
public struct LenientJSON {
  public static let depthLimit = 128

  /// Why a text is no JSON.
  public struct Failure: Error, Equatable {
    public var detail: String
    public var byteOffset: Int
  }

  public let value: JSONValue
  /// Halves of surrogate pairs that were replaced.
  public let repairCount: Int

  /// - Throws: `Failure`.
  public init(_ bytes: [UInt8]) throws {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw Failure(detail: "the body is not valid UTF-8", byteOffset: 0)
    }
    var reader = Reader(bytes: bytes)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { reader.place = 3 }
    value = try reader.value(depth: 0)
    reader.skipBlanks()
    guard reader.place == bytes.count else { throw reader.failure("the body goes on behind its end") }
    repairCount = reader.repairCount
  }
}

/// Of bytes that are valid UTF-8.
private struct Reader {
  let bytes: [UInt8]
  var place = 0
  var repairCount = 0

  func failure(_ detail: String) -> LenientJSON.Failure {
    LenientJSON.Failure(detail: detail, byteOffset: place)
  }

  private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  mutating func skipBlanks() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { place += 1 }
  }

  mutating func value(depth: Int) throws -> JSONValue {
    guard depth < LenientJSON.depthLimit else { throw failure("the body nests too deep") }
    skipBlanks()
    switch next {
    case UInt8(ascii: "{"): return try object(depth)
    case UInt8(ascii: "["): return try array(depth)
    case UInt8(ascii: "\""): return .string(try string())
    case .some: return try word()
    case nil: throw failure("the body is cut short")
    }
  }

  private mutating func take(_ byte: Character, _ what: String) throws {
    skipBlanks()
    guard let found = next else { throw failure("the body is cut short") }
    guard found == byte.asciiValue else { throw failure("the body is not JSON: \(what)") }
    place += 1
  }

  private mutating func takes(_ byte: Character) -> Bool {
    skipBlanks()
    guard let found = next, found == byte.asciiValue else { return false }
    place += 1
    return true
  }

  private mutating func object(_ depth: Int) throws -> JSONValue {
    var members: [String: JSONValue] = [:]
    place += 1
    guard !takes("}") else { return .object(members) }
    repeat {
      skipBlanks()
      guard next == UInt8(ascii: "\"") else {
        throw failure(next == nil ? "the body is cut short" : "a key is not text")
      }
      let key = try string()
      try take(":", "a key has no value")
      members[key] = try value(depth: depth + 1)
    } while takes(",")
    try take("}", "an object has no end")
    return .object(members)
  }

  private mutating func array(_ depth: Int) throws -> JSONValue {
    var items: [JSONValue] = []
    place += 1
    guard !takes("]") else { return .array(items) }
    repeat { items.append(try value(depth: depth + 1)) } while takes(",")
    try take("]", "a list has no end")
    return .array(items)
  }

  /// A number, or one of the words.
  private mutating func word() throws -> JSONValue {
    let start = place
    while let byte = next, isWordByte(byte) { place += 1 }
    let text = String(decoding: bytes[start..<place], as: UTF8.self)
    switch text {
    case "null": return .null
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "NaN", "Infinity", "-Infinity": return .number(text)
    case _ where text.first.map { $0 == "-" || $0.isNumber } == true && Double(text) != nil: return .number(text)
    default:
      place = start
      throw failure("the body is not JSON")
    }
  }

  private func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }
}

// MARK: - Strings

extension Reader {
  private mutating func string() throws -> String {
    place += 1
    var text: [UInt8] = []
    while let byte = next {
      place += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): try escape(into: &text)
      default: text.append(byte)
      }
    }
    throw failure("the body is cut short")
  }

  private mutating func escape(into text: inout [UInt8]) throws {
    guard let byte = next else { throw failure("the body is cut short") }
    place += 1
    switch byte {
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "u"): text += Array(String(Character(try scalar())).utf8)
    default: throw failure("the body is not JSON: an unknown escape")
    }
  }

  /// Behind `\u`: a character, of two escapes where they are a surrogate pair.
  private mutating func scalar() throws -> Unicode.Scalar {
    let first = try codeUnit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    let isHigh = UTF16.isLeadSurrogate(UInt16(first))
    if isHigh, bytes[place...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) {
      let before = place
      place += 2
      let second = try codeUnit()
      if UTF16.isTrailSurrogate(UInt16(second)),
        let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
      {
        return scalar
      }
      place = before
    }
    repairCount += 1
    return "\u{FFFD}"
  }

  private mutating func codeUnit() throws -> UInt32 {
    guard place + 4 <= bytes.count else { throw failure("the body is cut short") }
    let digits = bytes[place..<place + 4]
    guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let unit = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw failure("the body is not JSON: an escape without four digits") }
    place += 4
    return unit
  }
}
