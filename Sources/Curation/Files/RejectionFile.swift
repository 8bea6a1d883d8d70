import Basics
import Intake
import Lineage

/// A line of `rejections.jsonl`.
struct RejectionLine {
  var origin: String
  var reason: RejectionReason
  /// Where the text stands that stayed in its stead.
  var of: String?
  var similarity: Double?
  var detail: String?
  /// Absent where it is the other's, to the byte.
  var text: ArraySlice<UInt8>?

  func append(to line: inout [UInt8]) {
    member("{\"origin\":", origin, &line)
    member(",\"reason\":", reason.rawValue, &line)
    if let of { member(",\"of\":", of, &line) }
    if let similarity { line += ",\"similarity\":\((similarity * 10_000).rounded() / 10_000)".utf8 }
    if let detail { member(",\"detail\":", detail, &line) }
    if let text {
      line += ",\"text\":".utf8
      text.withUnsafeBufferPointer { JSONText.appendQuoted($0, to: &line) }
    }
    line += [UInt8(ascii: "}"), 0x0A]
  }

  private func member(_ name: StaticString, _ value: String, _ line: inout [UInt8]) {
    line.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    var value = value
    value.withUTF8 { JSONText.appendQuoted($0, to: &line) }
  }
}

/// `rejections.jsonl`, line after line.
final class RejectionFile {
  private let file: AtomicFileWriter
  private var line: [UInt8] = []

  init(_ path: String) throws { file = try AtomicFileWriter(path) }

  func append(_ rejection: RejectionLine) throws {
    line.removeAll(keepingCapacity: true)
    rejection.append(to: &line)
    try file.append(line)
  }

  func append(lines: [UInt8]) throws { try file.append(lines) }

  func finish() throws { try file.finish() }
}
