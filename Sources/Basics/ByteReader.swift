/// An integer whose bytes in memory are its value.
public typealias PlainInteger = FixedWidthInteger & BitwiseCopyable

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
    let start = try skip(count, field)
    return bytes[start..<offset]
  }

  private func tooShort(_ count: Int, _ field: String) -> HintedError {
    HintedError(
      "\(name): \(field) needs \(count) bytes at offset \(offset), but only \(remainingCount) remain",
      hint: "the file is truncated or is not of this format; fetch or export it again")
  }

  public mutating func readUInt8(_ field: String) throws -> UInt8 {
    bytes[try skip(1, field)]
  }

  /// A little-endian unsigned or signed integer of the type's width. Inlinable, since a generic that callers cannot see
  /// into reads a number by dynamic dispatch, bit by bit.
  @inlinable
  public mutating func read<Value: PlainInteger>(
    _ type: Value.Type, _ field: String
  ) throws -> Value {
    let start = try skip(MemoryLayout<Value>.size, field)
    return bytes.withUnsafeBytes { Value(littleEndian: $0.loadUnaligned(fromByteOffset: start, as: Value.self)) }
  }

  /// As many integers, one behind the other.
  @inlinable
  public mutating func read<Value: PlainInteger>(
    _ count: Int, _ type: Value.Type, _ field: String
  ) throws -> [Value] {
    let width = MemoryLayout<Value>.size
    let (byteCount, overflows) = count.multipliedReportingOverflow(by: width)
    let start = try skip(overflows ? .max : byteCount, field)
    return bytes.withUnsafeBytes { raw in
      (0..<count).map { Value(littleEndian: raw.loadUnaligned(fromByteOffset: start + width * $0, as: Value.self)) }
    }
  }

  /// - Returns: where the bytes start that were passed over.
  @usableFromInline
  mutating func skip(_ count: Int, _ field: String) throws -> Int {
    guard count >= 0, count <= remainingCount else { throw tooShort(count, field) }
    defer { offset += count }
    return offset
  }

  public mutating func readFloat(_ field: String) throws -> Float {
    Float(bitPattern: try read(UInt32.self, field))
  }

  public mutating func readFloats(_ count: Int, _ field: String) throws -> [Float] {
    try read(count, UInt32.self, field).map(Float.init(bitPattern:))
  }
}

/// Builds little-endian files in memory; the mirror of `ByteReader`.
public struct ByteWriter: Sendable {
  public private(set) var bytes: [UInt8] = []

  public init() {}

  public mutating func append(_ more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

  @inlinable
  public mutating func write(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { appendBytes($0) }
  }

  @usableFromInline
  mutating func appendBytes(_ raw: UnsafeRawBufferPointer) { bytes.append(contentsOf: raw) }

  public mutating func write(_ value: Float) { write(value.bitPattern) }

  public mutating func write(_ values: some Sequence<Float>) {
    for value in values { write(value) }
  }
}
