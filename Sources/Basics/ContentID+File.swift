import Crypto
import Foundation

extension ContentID {
  /// The id of a file's bytes, read piece by piece, so that its size does not matter.
  /// - Throws: `HintedError` when the file is missing or cannot be read.
  public init(ofFile path: String) throws {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw HintedError("cannot open \(path) to hash it", hint: "check that the file exists and may be read")
    }
    defer { try? handle.close() }
    var hash = SHA256()
    do {
      while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty { hash.update(data: piece) }
    } catch {
      throw HintedError("cannot read \(path) to hash it: \(error.localizedDescription)", status: .unavailable)
    }
    hex = hash.finalize().hexString
  }
}
