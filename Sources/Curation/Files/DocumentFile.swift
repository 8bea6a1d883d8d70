import Basics
import Intake
import Lineage

/// Documents as `curate --input` leaves them, read again line by line: a text, its side of the split, and how often it
/// was said. Other members are passed over; a line without `split` is of the training side, and one without `repeats`
/// was said once.
public final class DocumentFile {
  public struct Row: Sendable {
    public var text: [UInt8]
    public var split: Split
    public var repeats: Int
  }

  private let file: InputFile
  private var line = 0

  /// - Parameter path: JSON lines, compressed or not; `-` for standard input.
  /// - Throws: `HintedError` where it cannot be read.
  public init(_ path: String) throws {
    file = try InputFile(path, format: .jsonLines, separator: .line, template: try TextTemplate("text"))
  }

  /// The next block's documents; nil at the end.
  /// - Throws: `HintedError` for a line that is no document, with its number.
  public func next() throws -> [Row]? {
    guard let block = try file.next() else { return nil }
    guard block.skipped == nil else {
      throw failure("it has more than \(ReadableUnits.bytes(InputFile.recordByteLimit))", at: line + 1)
    }
    var rows: [Row] = []
    try block.bytes.withUnsafeBufferPointer { bytes in
      var start = 0
      while start < bytes.count {
        let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
        line += 1
        if end > start { rows.append(try row(UnsafeBufferPointer(rebasing: bytes[start..<end]))) }
        start = end + 1
      }
    }
    return rows
  }

  private func row(_ bytes: UnsafeBufferPointer<UInt8>) throws -> Row {
    if let offset = ByteText.firstInvalid(bytes) { throw failure("no UTF-8 at byte \(offset)", at: line) }
    do {
      let fields = try JSONFields(bytes)
      guard let text = try fields.text("text") else { throw HintedError("no member 'text'") }
      let side = try fields.text("split").map { String(decoding: $0, as: UTF8.self) } ?? Split.train.rawValue
      guard let split = Split(rawValue: side) else {
        throw HintedError("the split is '\(side)', not \(Split.allCases.map(\.rawValue).joined(separator: " or "))")
      }
      let repeats = try fields.integer("repeats") ?? 1
      guard 1...Int(UInt32.max) ~= repeats else { throw HintedError("repeats is \(repeats)") }
      return Row(text: text, split: split, repeats: repeats)
    } catch let error as HintedError {
      throw failure(error.message, at: line)
    }
  }

  private func failure(_ what: String, at line: Int) -> HintedError {
    HintedError(
      "\(file.name):\(line): \(what)",
      hint: "`alambic curate --input FILES --output FOLDER` writes such documents from files of any kind")
  }
}
