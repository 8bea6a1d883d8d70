/// Whole records, one behind the other, as they stand in a file; or one that was too long to be kept.
public struct RecordBlock: Sendable {
  public var bytes: [UInt8] = []
  /// What a record that is too long had; nil for a block of records.
  public var skipped: (byteCount: Int, lineCount: Int)?
}

/// Where one record of a file ends.
enum RecordEnd: Sendable {
  /// At a line feed.
  case line
  /// At a line feed that is not inside quotes.
  case row
  /// At an empty line.
  case blankLine
  /// Behind a literal text, which is not empty.
  case text([UInt8])
}

/// Cuts a file into blocks of whole records, which threads can read apart from each other.
final class BlockReader {
  private let source: any ByteSource
  private let end: RecordEnd
  private let blockByteCount: Int
  private let recordByteLimit: Int
  private var pending: [UInt8] = []
  private var isAtStart = true
  private var isAtEnd = false

  init(_ source: any ByteSource, end: RecordEnd, blockByteCount: Int, recordByteLimit: Int) {
    self.source = source
    self.end = end
    self.blockByteCount = blockByteCount
    self.recordByteLimit = recordByteLimit
  }

  /// The next block, nil at the end. The last record of a file needs no end.
  /// - Throws: `HintedError` for what cannot be read.
  func next() throws -> RecordBlock? {
    while pending.count < blockByteCount, !isAtEnd { try append() }
    while true {
      if isAtEnd { return pending.isEmpty ? nil : RecordBlock(bytes: taken(pending.count)) }
      if let count = end.last(in: pending) { return RecordBlock(bytes: taken(count)) }
      if pending.count > recordByteLimit { return try skippedRecord() }
      try append()
    }
  }

  private func append() throws {
    guard let piece = try source.next() else {
      isAtEnd = true
      return
    }
    pending += isAtStart && piece.starts(with: [0xEF, 0xBB, 0xBF]) ? piece[3...] : piece[...]
    isAtStart = false
  }

  /// The rest is the small part, so that is what is copied.
  private func taken(_ count: Int) -> [UInt8] {
    let rest = Array(pending[count...])
    var bytes = rest
    swap(&bytes, &pending)
    bytes.removeLast(rest.count)
    return bytes
  }

  /// Forgets bytes up to the end of a record that is too long, or of the file.
  private func skippedRecord() throws -> RecordBlock {
    var (byteCount, lineCount) = (0, 0)
    func skip(_ count: Int) {
      byteCount += count
      lineCount += taken(count).count { $0 == 0x0A }
    }
    while true {
      if let count = end.first(in: pending) {
        skip(count)
        break
      }
      // The beginning of an end may stand at the end.
      skip(max(0, pending.count - end.byteCount + 1))
      guard !isAtEnd else {
        skip(pending.count)
        break
      }
      try append()
    }
    return RecordBlock(skipped: (byteCount, lineCount))
  }
}

extension RecordEnd {
  fileprivate var byteCount: Int {
    switch self {
    case .line, .row: 1
    case .blankLine: 3
    case .text(let text): text.count
    }
  }

  /// Bytes up to the end of the last whole record; nil where there is none.
  fileprivate func last(in bytes: [UInt8]) -> Int? {
    switch self {
    case .line: return bytes.lastIndex(of: 0x0A).map { $0 + 1 }
    case .row: return Self.lastRow(in: bytes)
    case .blankLine: return bytes.indices.last { Self.isBlankLine(bytes, $0) }.map { $0 + 1 }
    case .text(let text):
      guard bytes.count >= text.count else { return nil }
      return stride(from: bytes.count - text.count, through: 0, by: -1)
        .first { Self.holds(text, bytes, $0) }.map { $0 + text.count }
    }
  }

  /// Of a row whose quote may have no end, the next line is the next record.
  fileprivate func first(in bytes: [UInt8]) -> Int? {
    if case .blankLine = self { return bytes.indices.first { Self.isBlankLine(bytes, $0) }.map { $0 + 1 } }
    guard case .text(let text) = self else { return bytes.firstIndex(of: 0x0A).map { $0 + 1 } }
    guard bytes.count >= text.count else { return nil }
    return (0...bytes.count - text.count).first { Self.holds(text, bytes, $0) }.map { $0 + text.count }
  }

  private static func holds(_ text: [UInt8], _ bytes: [UInt8], _ position: Int) -> Bool {
    bytes[position] == text[0] && bytes[position..<position + text.count].elementsEqual(text)
  }

  /// Whether a line feed ends a line of nothing, with or without a carriage return.
  private static func isBlankLine(_ bytes: [UInt8], _ position: Int) -> Bool {
    guard position > 0, bytes[position] == 0x0A else { return false }
    if bytes[position - 1] == 0x0A { return true }
    return position > 1 && bytes[position - 1] == 0x0D && bytes[position - 2] == 0x0A
  }

  private static func lastRow(in bytes: [UInt8]) -> Int? {
    var (last, isQuoted) = (Int?.none, false)
    for (position, byte) in bytes.enumerated() {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if byte == 0x0A, !isQuoted { last = position + 1 }
    }
    return last
  }
}
