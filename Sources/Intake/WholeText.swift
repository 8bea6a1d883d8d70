import Basics

/// A whole text in memory, from a file as people have them.
public enum WholeText {
  /// Reads a file, through gzip or zstd where it is compressed.
  /// - Throws: `HintedError` for what cannot be read, damaged compression, and for a text that is not UTF-8, with the
  ///   file as it was named and the byte.
  public static func read(_ path: String) throws -> [UInt8] {
    let text = try bytes(of: path)
    try check(text, named: path)
    return text
  }

  /// Reads a file's bytes, through gzip or zstd where it is compressed, whatever they say.
  /// - Throws: `HintedError` for what cannot be read, damaged compression, and more bytes than `byteLimit`.
  public static func bytes(of path: String, byteLimit: Int = AtomicFile.readByteLimit) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try forEachPiece(of: path) { piece in
      guard bytes.count + piece.count <= byteLimit else {
        throw HintedError(
          "\(path) has more than \(ReadableUnits.bytes(byteLimit))", hint: "name a file that fits into memory")
      }
      bytes += piece
    }
    return bytes
  }

  /// Reads a file of any size from front to back, through gzip or zstd where it is compressed.
  /// - Throws: `HintedError` for what cannot be read and damaged compression, and whatever `body` throws.
  public static func forEachPiece(of path: String, _ body: ([UInt8]) throws -> Void) throws {
    let source = try Compression.open(try PlainBytes(path))
    while let piece = try source.next() { try body(piece) }
  }

  /// - Parameter name: of the file, as the person knows it.
  /// - Throws: `HintedError` for what is compressed or not UTF-8.
  public static func check(_ text: [UInt8], named name: String) throws {
    if let kind = PackedFile.kind(of: text) {
      throw HintedError(
        "\(name) is a \(kind.name) file, not a text", hint: "`\(kind.tool)` it, and take the text with --from FILE")
    }
    if let offset = text.withUnsafeBufferPointer({ ByteText.firstInvalid($0) }) {
      throw HintedError(
        "\(name) is not UTF-8: byte \(text[offset]) at offset \(offset) begins no character",
        hint: "iconv -f WINDOWS-1252 -t UTF-8 makes it so, if that is what it is; then take it with --from FILE")
    }
  }
}
