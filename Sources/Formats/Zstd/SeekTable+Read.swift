import Basics

extension SeekTable {
  /// Reads and checks the table at a file's end.
  /// - Throws: `HintedError` when it is missing, damaged, or does not account for every byte of the file.
  init(of file: RandomAccessFile) throws {
    let frameCount = try Self.frameCount(of: file)
    let tableByteCount = Self.headerByteCount + frameCount * Self.entryByteCount + Self.footerByteCount
    guard tableByteCount <= file.byteCount else {
      throw Self.damage(file, "the seek table of \(frameCount) frames is larger than the file")
    }
    let start = file.byteCount - tableByteCount
    var reader = ByteReader(try file.read(at: start, count: tableByteCount), name: "\(file.path): seek table")
    let magic = try reader.read(UInt32.self, "magic")
    let remainingCount = try reader.read(UInt32.self, "size")
    guard magic == Self.skippableMagic, Int(remainingCount) == tableByteCount - Self.headerByteCount else {
      throw Self.damage(file, "the seek table does not begin where its \(frameCount) frames would put it")
    }
    for index in 0..<frameCount { entries.append(try Self.entry(index, &reader)) }
    let accounted = entries.reduce(0) { $0 + $1.compressedByteCount }
    guard accounted == start else {
      throw Self.damage(file, "the seek table lists \(accounted) bytes of frames, but \(start) precede it")
    }
  }

  private static func frameCount(of file: RandomAccessFile) throws -> Int {
    guard file.byteCount >= headerByteCount + footerByteCount else {
      throw damage(file, "\(file.byteCount) bytes are too few for a seekable zstd file")
    }
    let footer = try file.read(at: file.byteCount - footerByteCount, count: footerByteCount)
    var reader = ByteReader(footer, name: "\(file.path): seek table's footer")
    let frameCount = try reader.read(UInt32.self, "frame count")
    let descriptor = try reader.readUInt8("descriptor")
    guard try reader.read(UInt32.self, "magic") == footerMagic else {
      throw damage(file, "no seek table at the end: not a seekable zstd file, or a truncated one")
    }
    guard descriptor == checksumDescriptor else {
      throw damage(file, "the seek table's descriptor is \(descriptor), not \(checksumDescriptor) (checksums, no more)")
    }
    return Int(frameCount)
  }

  private static func entry(_ index: Int, _ reader: inout ByteReader) throws -> Entry {
    let entry = Entry(
      compressedByteCount: Int(try reader.read(UInt32.self, "frame \(index)'s compressed size")),
      contentByteCount: Int(try reader.read(UInt32.self, "frame \(index)'s content size")),
      checksum: try reader.read(UInt32.self, "frame \(index)'s checksum"))
    guard (1...SeekableWriter.largestFrame).contains(entry.contentByteCount) else {
      throw HintedError(
        "\(reader.name): frame \(index) claims \(entry.contentByteCount) bytes of content; "
          + "the limit is \(SeekableWriter.largestFrame)")
    }
    return entry
  }

  private static func damage(_ file: RandomAccessFile, _ what: String) -> HintedError {
    HintedError(
      "\(file.path): \(what)", hint: "fetch or make the file again; `zstd -t` says whether its frames are whole")
  }
}
