import Basics

/// Where the frames of a seekable zstd file lie (zstd seekable format 0.1.0): a skippable frame at the file's end,
/// which plain decompressors pass over.
///
/// | bytes | field |
/// |---|---|
/// | 4 + 4 | skippable magic 0x184D2A5E, byte count of what follows |
/// | 12 a frame | u32 compressed byte count, u32 content byte count, u32 checksum |
/// | 4 + 1 + 4 | u32 frame count, u8 descriptor (bit 7: checksums), u32 magic 0x8F92EAB1 |
struct SeekTable: Equatable, Sendable {
  struct Entry: Equatable, Sendable {
    var compressedByteCount: Int
    var contentByteCount: Int
    /// The low 32 bits of the content's XXH64: the very value that ends a frame with a content checksum.
    var checksum: UInt32
  }

  var entries: [Entry] = []

  static let skippableMagic: UInt32 = 0x184D_2A5E
  static let footerMagic: UInt32 = 0x8F92_EAB1
  static let checksumDescriptor: UInt8 = 0x80
  static let headerByteCount = 8
  static let entryByteCount = 12
  static let footerByteCount = 9

  /// The whole skippable frame.
  var byteCount: Int { Self.headerByteCount + entries.count * Self.entryByteCount + Self.footerByteCount }

  /// The skippable frame's bytes. Counts fit their 32 bits: `SeekableWriter` bounds frames.
  var encoded: [UInt8] {
    var writer = ByteWriter()
    writer.write(Self.skippableMagic)
    writer.write(UInt32(byteCount - Self.headerByteCount))
    for entry in entries {
      writer.write(UInt32(entry.compressedByteCount))
      writer.write(UInt32(entry.contentByteCount))
      writer.write(entry.checksum)
    }
    writer.write(UInt32(entries.count))
    writer.write(Self.checksumDescriptor)
    writer.write(Self.footerMagic)
    return writer.bytes
  }
}
