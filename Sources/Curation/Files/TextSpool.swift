import Basics
import Foundation
import Intake
import Similarity

/// The texts that are left after exact duplicates, with their other fields, in a scratch file: they are read again for
/// comparisons and for the output, and need no memory in between.
final class TextSpool {
  struct Entry: BitwiseCopyable {
    var offset: UInt64
    var extrasByteCount: UInt32
    var textByteCount: UInt32
  }

  private let path: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var byteCount: UInt64 = 0
  private let entries: ScratchArray<Entry>

  /// - Throws: `HintedError` where the scratch file cannot be made.
  init(folder: String, _ pool: ScratchPool) throws {
    entries = ScratchArray(pool)
    path = "\(folder)/texts"
    descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw HintedError(
        "cannot create \(path): \(String(cString: strerror(errno)))", hint: "choose another folder for the output",
        status: .unavailable)
    }
    // The system removes it when we end, however that comes.
    unlink(path)
  }

  deinit { close(descriptor) }

  func append(extras: ArraySlice<UInt8>, text: ArraySlice<UInt8>) throws {
    try entries.append(
      Entry(
        offset: byteCount + UInt64(buffer.count), extrasByteCount: UInt32(extras.count),
        textByteCount: UInt32(text.count)))
    buffer += extras
    buffer += text
    if buffer.count >= 1 << 20 { try flush() }
  }

  private func flush() throws {
    var position = 0
    while position < buffer.count {
      let count = buffer.withUnsafeBytes {
        write(descriptor, $0.baseAddress?.advanced(by: position), $0.count - position)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw HintedError(
          "cannot write \(path): \(String(cString: strerror(errno)))",
          hint: "the texts are stored there until the end; free some room on that disk", status: .unavailable)
      }
      position += count
    }
    byteCount += UInt64(buffer.count)
    buffer.removeAll(keepingCapacity: true)
  }

  /// What was stored, to be read by any number of threads.
  func finished() throws -> SpooledTexts {
    try flush()
    return SpooledTexts(file: self, descriptor: descriptor, entries: entries, path: path)
  }
}

/// The texts of a spool.
struct SpooledTexts: NumberedTexts {
  /// Keeps the descriptor open.
  private nonisolated(unsafe) let file: TextSpool
  private let descriptor: Int32
  private let entries: ScratchArray<TextSpool.Entry>
  private let path: String

  fileprivate init(file: TextSpool, descriptor: Int32, entries: ScratchArray<TextSpool.Entry>, path: String) {
    (self.file, self.descriptor, self.entries, self.path) = (file, descriptor, entries, path)
  }

  func byteCount(of number: Int) -> Int { Int(entries[number].textByteCount) }

  func bytes(of number: Int) throws -> [UInt8] {
    let entry = entries[number]
    return try read(entry.offset + UInt64(entry.extrasByteCount), Int(entry.textByteCount))
  }

  /// Some texts that lie one behind the other.
  func content(of numbers: Range<Int>) throws -> SpooledPiece {
    guard let first = numbers.first, let last = numbers.last else {
      return SpooledPiece(bytes: [], first: 0, entries: [])
    }
    let end = entries[last].offset + UInt64(entries[last].extrasByteCount + entries[last].textByteCount)
    let start = entries[first].offset
    return SpooledPiece(
      bytes: try read(start, Int(end - start)), first: first, entries: numbers.map { entries[$0] })
  }

  private func read(_ offset: UInt64, _ count: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = pread(
          descriptor, buffer.baseAddress?.advanced(by: filled), count - filled, off_t(offset) + off_t(filled))
        if got < 0, errno == EINTR { continue }
        guard got > 0 else { throw HintedError("cannot read \(path) again: \(String(cString: strerror(errno)))") }
        filled += got
      }
    }
  }
}

struct SpooledPiece {
  fileprivate let bytes: [UInt8]
  fileprivate let first: Int
  fileprivate let entries: [TextSpool.Entry]

  func record(_ number: Int) -> (extras: ArraySlice<UInt8>, text: ArraySlice<UInt8>) {
    let entry = entries[number - first]
    let start = Int(entry.offset - entries[0].offset)
    let middle = start + Int(entry.extrasByteCount)
    return (bytes[start..<middle], bytes[middle..<middle + Int(entry.textByteCount)])
  }
}
