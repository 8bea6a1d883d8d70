import Basics
import Lineage

/// A learned vocabulary as images and checkpoints carry it: at most 1,024 bytes. Specified in
/// docs/formats/vocabulary.md.
public enum VocabularyFile {
  public static let magic = Array("ATOMEVOC".utf8)
  static let version: UInt16 = 1
  public static let byteLimit = tokensOffset + Vocabulary.entryByteLimit + 4
  /// Header and bitmap.
  static let tokensOffset = 48

  /// The section's bytes; empty for the identity, which needs none.
  public static func write(_ vocabulary: Vocabulary) -> [UInt8] {
    guard !vocabulary.isIdentity else { return [] }
    let (bitmap, texts) = body(of: vocabulary)
    let byteCount = (tokensOffset + texts.count + 3) / 4 * 4 + 4
    var writer = ByteWriter()
    writer.append(magic)
    writer.write(version)
    writer.write(UInt16(truncatingIfNeeded: byteCount))
    writer.write(vocabulary.unknownToken ?? 0)
    writer.write(UInt8(truncatingIfNeeded: vocabulary.tokens.map(\.count).max() ?? 0))
    writer.write(UInt16(0))
    writer.append(bitmap)
    writer.append(texts)
    writer.append([UInt8](repeating: 0, count: byteCount - 4 - writer.bytes.count))
    writer.write(CRC32.checksum(writer.bytes))
    return writer.bytes
  }

  private static func body(of vocabulary: Vocabulary) -> (bitmap: [UInt8], texts: [UInt8]) {
    var bitmap = [UInt8](repeating: 0, count: Vocabulary.tokenCount / 8)
    var texts: [UInt8] = []
    for token in UInt8.min...UInt8.max {
      if vocabulary.isByte(token) {
        bitmap[Int(token) / 8] |= 1 << (token % 8)
      } else {
        let text = vocabulary.tokens[Int(token)]
        texts.append(UInt8(truncatingIfNeeded: text.count))
        texts += text
      }
    }
    return (bitmap, texts)
  }

  /// Reads a section; no bytes are the identity.
  /// - Parameters:
  ///   - bytes: the section's.
  ///   - name: for messages: the file that the section stands in.
  /// - Throws: `HintedError` for a damaged section, or tokens that contradict each other.
  public static func read(_ bytes: [UInt8], name: String) throws -> Vocabulary {
    if bytes.isEmpty { return .bytes }
    var reader = ByteReader(bytes, name: "\(name), vocabulary")
    let found = Array(try reader.take(magic.count, for: "magic"))
    let version = try reader.read(UInt16.self, "version")
    let byteCount = Int(try reader.read(UInt16.self, "byte count"))
    guard found == magic else { throw damaged(name, "it does not start with ATOMEVOC") }
    guard version == Self.version else { throw damaged(name, "its version is \(version), not \(Self.version)") }
    guard byteCount == bytes.count, byteCount <= byteLimit, byteCount.isMultiple(of: 4),
      byteCount >= tokensOffset + 4
    else { throw damaged(name, "it has \(bytes.count) bytes and says \(byteCount); the limit is \(byteLimit)") }
    guard CRC32.checksum(bytes.dropLast(4)) == bytes.suffix(4).reversed().reduce(0, { $0 << 8 | UInt32($1) }) else {
      throw damaged(name, "its checksum does not match")
    }
    return try tokens(&reader, bytes, name)
  }

  private static func tokens(_ reader: inout ByteReader, _ bytes: [UInt8], _ name: String) throws -> Vocabulary {
    let unknown = try reader.read(UInt8.self, "unknown token")
    let longest = try reader.read(UInt8.self, "longest string")
    let flags = try reader.read(UInt16.self, "flags")
    let bitmap = Array(try reader.take(Vocabulary.tokenCount / 8, for: "bitmap"))
    guard bitmap[Int(unknown) / 8] >> (unknown % 8) & 1 == 0 else {
      throw damaged(name, "token \(unknown) is a byte, and unknown")
    }
    var strings: [UInt8: [UInt8]] = [:]
    for token in UInt8.min...UInt8.max where bitmap[Int(token) / 8] >> (token % 8) & 1 == 0 {
      let count = Int(try reader.read(UInt8.self, "length of token \(token)"))
      guard (count == 0) == (token == unknown) else { throw damaged(name, "token \(token) has \(count) bytes") }
      if count > 0 { strings[token] = Array(try reader.take(count, for: "token \(token)")) }
    }
    let padding = bytes.dropLast(4).suffix(max(0, reader.remainingCount - 4))
    guard reader.remainingCount >= 4, padding.count < 4, padding.allSatisfy({ $0 == 0 }), flags == 0 else {
      throw damaged(name, "its tokens do not fill it")
    }
    guard Int(longest) == strings.values.map(\.count).max() ?? 0 else {
      throw damaged(name, "its longest string is not as long as it says")
    }
    do {
      return try Vocabulary(strings: strings, unknownToken: unknown)
    } catch let error as HintedError {
      throw damaged(name, error.message)
    }
  }

  private static func damaged(_ name: String, _ what: String) -> HintedError {
    HintedError("\(name): the vocabulary is damaged: \(what)", hint: "export or train again")
  }
}

extension Vocabulary {
  /// The id of its section; nil for the identity, which has none.
  public var id: ContentID? { isIdentity ? nil : ContentID(of: VocabularyFile.write(self)) }
}
