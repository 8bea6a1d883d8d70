import Basics

/// A text that a person wrote, whichever editor saved it: recipes, profiles, grammars, word lists, manuals.
///
/// It is UTF-8. A byte order mark at its beginning does not count, and every kind of line end (LF, CR LF, CR) is a line
/// feed, so that lines have the numbers that the editor shows.
public enum TextFile {
  /// - Parameter byteLimit: more is refused.
  /// - Throws: `HintedError` for a file that is missing, too large, not UTF-8 (with the line), or holds NUL.
  public static func read(_ path: String, byteLimit: Int) throws -> String {
    try text(of: try AtomicFile.read(path), byteLimit: byteLimit, name: path)
  }

  /// - Parameter name: for messages.
  public static func text(of bytes: [UInt8], byteLimit: Int, name: String) throws -> String {
    guard bytes.count <= byteLimit else {
      throw HintedError("\(name) has \(ReadableUnits.bytes(bytes.count)), more than \(ReadableUnits.bytes(byteLimit))")
    }
    let plain = withPlainLineEnds(bytes.starts(with: byteOrderMark) ? bytes[byteOrderMark.count...] : bytes[...])
    if let place = plain.withUnsafeBufferPointer({ ByteText.firstInvalid($0) }) {
      throw HintedError(
        "\(name), line \(line(of: place, in: plain)), is not valid UTF-8", hint: "save it as UTF-8 text")
    }
    if let place = plain.firstIndex(of: 0) {
      throw HintedError(
        "\(name), line \(line(of: place, in: plain)), holds a control character (NUL)", hint: "is it a text at all?")
    }
    return String(decoding: plain, as: UTF8.self)
  }

  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private static func withPlainLineEnds(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    guard bytes.contains(0x0D) else { return Array(bytes) }
    var plain: [UInt8] = []
    plain.reserveCapacity(bytes.count)
    var isBehindReturn = false
    for byte in bytes {
      if byte == 0x0D {
        plain.append(0x0A)
      } else if byte != 0x0A || !isBehindReturn {
        plain.append(byte)
      }
      isBehindReturn = byte == 0x0D
    }
    return plain
  }

  private static func line(of place: Int, in bytes: [UInt8]) -> Int { bytes[..<place].count { $0 == 0x0A } + 1 }
}
