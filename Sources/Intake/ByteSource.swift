import Basics
import Foundation

/// Bytes from front to back, piece by piece.
protocol ByteSource: AnyObject {
  /// The next piece, never empty; nil at the end.
  /// - Throws: `HintedError` for what cannot be read, and for damaged compression.
  func next() throws -> [UInt8]?
}

/// A file or a pipe as it is.
final class PlainBytes: ByteSource {
  let name: String
  private let descriptor: Int32
  private let isOurs: Bool
  /// Read to look at the kind of file, and not yet given out.
  private var first: [UInt8]?
  private(set) var takenByteCount = 0
  /// Of all bytes that were taken; nil where nobody wants to know.
  private(set) var hasher: ContentHasher?
  private static let pieceByteCount = 1 << 20

  /// - Parameter path: `-` for standard input.
  /// - Throws: `HintedError` for what is not there, a folder or a device.
  init(_ path: String, hashes: Bool = false) throws {
    hasher = hashes ? ContentHasher() : nil
    isOurs = path != "-"
    name = isOurs ? path : "standard input"
    descriptor = isOurs ? try AtomicFile.descriptorForReading(path) : 0
  }

  deinit { if isOurs { close(descriptor) } }

  /// The first bytes, which are given out again.
  func beginning() throws -> ArraySlice<UInt8> {
    first = try first ?? read()
    return (first ?? []).prefix(16)
  }

  func next() throws -> [UInt8]? {
    if let piece = first {
      first = nil
      return piece.isEmpty ? nil : piece
    }
    let piece = try read()
    return piece.isEmpty ? nil : piece
  }

  /// A whole piece, unless the file ends; none at its end.
  private func read() throws -> [UInt8] {
    let piece = try readPiece()
    hasher?.update(piece)
    return piece
  }

  private func readPiece() throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: Self.pieceByteCount) { buffer, count in
      while count < buffer.count {
        let got = Foundation.read(descriptor, buffer.baseAddress?.advanced(by: count), buffer.count - count)
        if got < 0, errno == EINTR { continue }
        guard got >= 0 else { throw HintedError("cannot read \(name): \(String(cString: strerror(errno)))") }
        if got == 0 { return }
        count += got
        takenByteCount += got
      }
    }
  }
}
