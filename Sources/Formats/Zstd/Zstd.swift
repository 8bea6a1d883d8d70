import Basics
import CZstd

/// Zstandard (RFC 8878) through libzstd.
public enum Zstd {
  /// The libzstd in use, as `1.5.4`. The same content compressed by another version may be other bytes.
  public static var libraryVersion: String { String(cString: ZSTD_versionString()) }

  /// The four bytes that open every frame, as a little-endian number.
  static let frameMagic: UInt32 = 0xFD2F_B528

  /// Passes a libzstd result on.
  /// - Parameter action: what was being done, to which file and frame.
  /// - Throws: `HintedError` with libzstd's own name for the error.
  @discardableResult
  static func check(_ result: Int, _ action: @autoclosure () -> String) throws -> Int {
    guard ZSTD_isError(result) != 0 else { return result }
    throw HintedError(
      "\(action()): \(String(cString: ZSTD_getErrorName(result)))",
      hint: "the bytes are damaged or are not zstd; fetch or make the file again")
  }
}
