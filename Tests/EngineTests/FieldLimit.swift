import Testing

/// A number of an image, and the two values on both sides of its limit.
struct FieldLimit: Sendable, CustomTestStringConvertible {
  var name: String
  var offset: Int
  var byteCount: Int
  var within: Int64
  var beyond: Int64
  /// What else must stand in the image for the limit to be this one.
  var conditions: [(offset: Int, byteCount: Int, value: Int64)] = []

  var testDescription: String { "\(name): \(within), not \(beyond)" }

  init(_ name: String, _ offset: Int, bytes byteCount: Int = 4, _ within: Int64, _ beyond: Int64) {
    (self.name, self.offset, self.byteCount, self.within, self.beyond) = (name, offset, byteCount, within, beyond)
  }

  func beside(_ offset: Int, bytes byteCount: Int = 4, _ value: Int64) -> FieldLimit {
    var limit = self
    limit.conditions.append((offset, byteCount, value))
    return limit
  }

  /// Puts a value of the field, and what must stand beside it; the checksum is the caller's.
  func put(_ value: Int64, into file: inout [UInt8]) {
    for condition in conditions { file.set(condition.value, bytes: condition.byteCount, at: condition.offset) }
    file.set(value, bytes: byteCount, at: offset)
  }
}

extension [UInt8] {
  /// Puts a number's lowest bytes, the lowest first.
  mutating func set(_ value: Int64, bytes byteCount: Int, at offset: Int) {
    for index in 0..<byteCount { self[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * Int64(index))) }
  }
}
