/// Reads little-endian fields from bytes that nobody vouches for: every read is checked against the end.
public struct ByteReader: Sendable {
  public let bytes: [UInt8]
  public private(set) var offset: Int
  /// What the bytes are, for messages: a path or a format's name.
  public let name: String

  public init(_ bytes: [UInt8], name: String, offset: Int = 0) {
    self.bytes = bytes
    self.name = name
    self.offset = offset
  }

  public var remainingCount: Int { bytes.count - offset }

  /// The next `count` bytes.
  /// - Throws: `HintedError` that names the file, the offset and the missing count.
  public mutating func take(_ count: Int, for field: String) throws -> ArraySlice<UInt8> {
    guard count >= 0, count <= remainingCount else {
      throw HintedError(
        "\(name): \(field) needs \(count) bytes at offset \(offset), but only \(remainingCount) remain",
        hint: "the file is truncated or is not of this format; fetch or export it again")
    }
    defer { offset += count }
    return bytes[offset..<offset + count]
  }

  public mutating func readUInt8(_ field: String) throws -> UInt8 {
    try take(1, for: field)[offset - 1]
  }

  /// A little-endian unsigned or signed integer of the type's width.
  public mutating func read<Value: FixedWidthInteger>(_ type: Value.Type, _ field: String) throws -> Value {
    let raw = try take(Value.bitWidth / 8, for: field)
    var value = Value.zero
    for byte in raw.reversed() { value = (value << 8) | Value(truncatingIfNeeded: byte) }
    return value
  }

  public mutating func readFloat(_ field: String) throws -> Float {
    Float(bitPattern: try read(UInt32.self, field))
  }

  public mutating func readFloats(_ count: Int, _ field: String) throws -> [Float] {
    let raw = Array(try take(count * 4, for: field))
    return (0..<count).map { index in
      let at = index * 4
      let bits = UInt32(raw[at]) | UInt32(raw[at + 1]) << 8 | UInt32(raw[at + 2]) << 16 | UInt32(raw[at + 3]) << 24
      return Float(bitPattern: bits)
    }
  }
}

/// Builds little-endian files in memory; the mirror of `ByteReader`.
public struct ByteWriter: Sendable {
  public private(set) var bytes: [UInt8] = []

  public init() {}

  public mutating func append(_ more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

  public mutating func write(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  public mutating func write(_ value: Float) { write(value.bitPattern) }

  public mutating func write(_ values: some Sequence<Float>) {
    for value in values { write(value) }
  }
}
