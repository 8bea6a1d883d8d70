import Basics
import Foundation
import Intake

/// A file of documents that is read from any place: compressed ones are unpacked first, into a file without a name.
enum DocumentsFile {
  /// - Throws: `HintedError` for a file that cannot be read, damaged compression, and a full disk.
  static func open(_ path: String) throws -> RandomAccessFile {
    guard path.hasSuffix(".zst") || path.hasSuffix(".gz") else { return try RandomAccessFile(path) }
    let unpacked = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).jsonl").path
    // What is open stays readable.
    defer { try? FileManager.default.removeItem(atPath: unpacked) }
    let file = try AtomicFileWriter(unpacked)
    try WholeText.forEachPiece(of: path) { try file.append($0) }
    try file.finish()
    return try RandomAccessFile(unpacked)
  }
}
