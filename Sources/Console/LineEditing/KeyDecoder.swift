/// A key, as a terminal sends it.
public enum Key: Hashable, Sendable {
  case scalar(Unicode.Scalar)
  case enter, backspace, delete, left, right, up, down, home, end, wordLeft, wordRight
  /// Ctrl with a lower-case letter.
  case control(Character)
}

/// Turns a terminal's bytes into keys: UTF-8, control characters, and the escape sequences of ECMA-48 that xterm and
/// its kin send. What it does not know, it swallows whole.
public struct KeyDecoder: Sendable {
  private var pending: [UInt8] = []

  public init() {}

  /// Whether the bytes so far end inside a sequence: an escape may also stand alone.
  public var isInside: Bool { !pending.isEmpty }

  /// - Returns: the key that this byte completes, if it completes one.
  public mutating func take(_ byte: UInt8) -> Key? {
    pending.append(byte)
    if pending[0] == 0x1B { return escape() }
    if pending[0] >= 0x80 { return character() }
    pending = []
    return Self.single(byte)
  }

  private static func single(_ byte: UInt8) -> Key? {
    switch byte {
    case 0x0D, 0x0A: return .enter
    case 0x7F, 0x08: return .backspace
    case 0x20..<0x7F: return .scalar(Unicode.Scalar(byte))
    case 0x01...0x1A: return .control(Character(Unicode.Scalar(byte + 0x60)))
    default: return nil
    }
  }

  /// More of a character of several bytes.
  private mutating func character() -> Key? {
    let (first, last) = (pending[0], pending[pending.count - 1])
    if pending.count > 1, last & 0xC0 != 0x80 {
      // A character that was cut short is forgotten; this byte begins something new.
      pending = []
      return take(last)
    }
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 1
    guard pending.count >= length else { return nil }
    defer { pending = [] }
    let text = String(decoding: pending, as: UTF8.self).unicodeScalars
    guard length > 1, text.count == 1, let scalar = text.first, scalar != "\u{FFFD}", scalar.value >= 0xA0 else {
      return nil
    }
    return .scalar(scalar)
  }

  /// More of a sequence that begins with an escape.
  private mutating func escape() -> Key? {
    guard pending.count > 1 else { return nil }
    if pending[1] != UInt8(ascii: "["), pending[1] != UInt8(ascii: "O") {
      defer { pending = [] }
      switch pending[1] {
      case UInt8(ascii: "b"): return .wordLeft
      case UInt8(ascii: "f"): return .wordRight
      default: return nil
      }
    }
    guard pending.count > 2, let last = pending.last, (0x40...0x7E).contains(last) || pending.count > 16 else {
      return nil
    }
    defer { pending = [] }
    return Self.sequences[String(decoding: pending.dropFirst(2), as: UTF8.self)]
  }

  private static let sequences: [String: Key] = [
    "A": .up, "B": .down, "C": .right, "D": .left, "H": .home, "F": .end, "1~": .home, "7~": .home, "4~": .end,
    "8~": .end, "3~": .delete, "1;5C": .wordRight, "1;5D": .wordLeft, "1;3C": .wordRight, "1;3D": .wordLeft,
  ]
}
