import Basics
import Foundation

/// The beginning of a file that is being fetched, and the server's tag of the version it belongs to.
struct PartialFile {
  let path: String

  private var tagPath: String { path + ".etag" }

  /// 0 when there is nothing yet.
  var byteCount: Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return (attributes?[.size] as? NSNumber)?.intValue ?? 0
  }

  /// The entity tag (RFC 9110, section 8.8.3) that came with the first bytes; nil when the server gave none that
  /// promises equal bytes.
  var versionTag: String? {
    guard let bytes = try? AtomicFile.read(tagPath) else { return nil }
    let tag = String(decoding: bytes, as: UTF8.self)
    return Self.isStrong(tag) ? tag : nil
  }

  /// Notes which version the first byte belongs to.
  func setVersionTag(_ tag: String?) throws {
    try? FileManager.default.removeItem(atPath: tagPath)
    if let tag, Self.isStrong(tag) { try AtomicFile.write(tag, to: tagPath) }
  }

  /// Gives the complete file its name.
  func promote(to finalPath: String) throws {
    try AtomicFile.promote(path, to: finalPath)
    try? FileManager.default.removeItem(atPath: tagPath)
  }

  func discard() throws {
    try? FileManager.default.removeItem(atPath: tagPath)
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      throw HintedError("cannot remove \(path): \(error.localizedDescription)")
    }
  }

  /// Weak tags allow different bytes; anything else that is not quoted is no tag.
  private static func isStrong(_ tag: String) -> Bool {
    tag.count >= 2 && tag.count <= 1024 && tag.hasPrefix("\"") && tag.hasSuffix("\"")
      && tag.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7F }
  }
}
