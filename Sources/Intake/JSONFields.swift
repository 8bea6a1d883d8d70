import Basics

/// Some members of one JSON object, by their names.
public struct JSONFields {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let members: [JSONLine.Member]

  /// - Parameter line: one object, valid UTF-8.
  /// - Throws: `HintedError` where it is none, with the byte.
  public init(_ line: UnsafeBufferPointer<UInt8>) throws {
    bytes = line
    do {
      members = try JSONLine(line, line.indices).members
    } catch {
      throw HintedError("\(error.what), at byte \(error.offset)")
    }
  }

  /// The value as it stands, with quotes if it is a text; nil where there is no such member.
  /// - Parameter name: without characters that JSON escapes.
  private func value(_ name: StaticString) -> UnsafeBufferPointer<UInt8>? {
    let member = members.first { member in
      let inner = bytes[member.name.lowerBound + 1..<member.name.upperBound - 1]
      return inner.elementsEqual(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }
    return member.map { UnsafeBufferPointer(rebasing: bytes[$0.value]) }
  }

  /// - Returns: nil where there is no such member.
  /// - Throws: `HintedError` where it is no text.
  public func text(_ name: StaticString) throws -> [UInt8]? {
    guard let value = value(name) else { return nil }
    guard value.first == UInt8(ascii: "\"") else { throw HintedError("'\(name)' is not text") }
    var text: [UInt8] = []
    JSONText.appendUnescaped(UnsafeBufferPointer(rebasing: value[1..<value.count - 1]), to: &text)
    return text
  }

  /// - Returns: nil where there is no such member.
  /// - Throws: `HintedError` where it is no integer.
  public func integer(_ name: StaticString) throws -> Int? {
    guard let value = value(name) else { return nil }
    guard let number = Int(String(decoding: value, as: UTF8.self)) else {
      throw HintedError("'\(name)' is not an integer")
    }
    return number
  }
}
