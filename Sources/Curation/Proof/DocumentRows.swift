import Basics
import Intake
import Lineage
import Similarity

/// The lines of `documents.jsonl` as whoever checks a proof reads them, a block at a time.
struct DocumentRows {
  struct Block: Sendable {
    let bytes: [UInt8]
    /// Of the first byte, in the file.
    let offset: Int
    /// Of the first line, from 1.
    let line: Int
  }

  struct Row {
    let text: [UInt8]
    let split: Split
    let origin: String
    let group: String?
    /// In the file.
    let place: Range<Int>
    let line: Int
  }

  private struct Line: Decodable {
    var text: String
    var split: Split
    var origin: String?
    var splitGroup: String?
  }

  private let file: RandomAccessFile
  private var offset = 0
  private var line = 1

  private static let blockByteCount = 1 << 20

  init(_ file: RandomAccessFile) { self.file = file }

  /// Up to `count` blocks of whole lines; none at the file's end.
  /// - Throws: `HintedError` for a line that is longer than any document.
  mutating func next(_ count: Int) throws -> [Block] {
    var blocks: [Block] = []
    while blocks.count < count, offset < file.byteCount {
      let bytes = try block()
      blocks.append(Block(bytes: bytes, offset: offset, line: line))
      offset += bytes.count
      line += bytes.count { $0 == 0x0A }
    }
    return blocks
  }

  private func block() throws -> [UInt8] {
    var bytes: [UInt8] = []
    repeat {
      guard bytes.count <= 8 * InputFile.recordByteLimit else {
        throw HintedError("\(file.path):\(line) is longer than a document", status: .badData)
      }
      let start = offset + bytes.count
      bytes += try file.read(at: start, count: min(Self.blockByteCount, file.byteCount - start))
    } while offset + bytes.count < file.byteCount && !bytes.contains(0x0A)
    if offset + bytes.count < file.byteCount, let last = bytes.lastIndex(of: 0x0A) {
      bytes.removeSubrange((last + 1)...)
    }
    return bytes
  }

  /// - Parameter file: its name, for messages and for documents that do not say where they come from. It is the same
  ///   wherever the file lies.
  /// - Throws: `HintedError` for a line that is no document, with its number.
  static func rows(of block: Block, named file: String) throws -> [Row] {
    var (start, number, rows) = (block.offset, block.line, [Row]())
    for bytes in block.bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      defer {
        start += bytes.count + 1
        number += 1
      }
      if bytes.isEmpty { continue }
      let name = "\(file):\(number)"
      let line = try CanonicalJSON.decode(Line.self, from: bytes, named: name)
      rows.append(
        Row(
          text: Array(line.text.utf8), split: line.split, origin: line.origin ?? name, group: line.splitGroup,
          place: start..<start + bytes.count, line: number))
    }
    return rows
  }
}

/// The held-out side's texts, which are read again where they are compared.
struct HeldOutTexts: Sendable {
  struct Entry: Sendable {
    let hash: TextHash
    let place: Range<Int>
    let line: Int
  }

  private struct Line: Decodable {
    var text: String
    var origin: String?
  }

  let file: RandomAccessFile
  let name: String
  var entries: [Entry] = []

  func text(_ number: Int) throws -> (text: [UInt8], origin: String) {
    let place = entries[number].place
    let name = "\(self.name):\(entries[number].line)"
    let line = try CanonicalJSON.decode(
      Line.self, from: try file.read(at: place.lowerBound, count: place.count), named: name)
    return (Array(line.text.utf8), line.origin ?? name)
  }
}
