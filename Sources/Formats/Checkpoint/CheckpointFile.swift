import Basics
import Networks

/// What checkpoints of all architectures share.
public enum CheckpointFile {
  /// The file's first eight bytes.
  public static let magic: [UInt8] = Array("ALMBCKPT".utf8)
  static let version: UInt32 = 3
  /// Magic, version and header length.
  static let preludeByteCount = 16
  static let digestByteCount = 32
  /// Far more than any header needs; a longer one is damage.
  static let headerByteLimit = 1 << 20

  private struct Peek: Decodable {
    var architecture: Architecture?
  }

  /// What a checkpoint is of.
  /// - Throws: `HintedError` for a truncated, altered or foreign file.
  public static func architecture(of bytes: [UInt8], name: String) throws -> Architecture {
    try architecture(try verifiedHeader(bytes, name), name)
  }

  private static func architecture(_ header: [UInt8], _ name: String) throws -> Architecture {
    do {
      return try CanonicalJSON.decode(Peek.self, from: header).architecture ?? .atome
    } catch {
      throw HintedError("\(name): its JSON header cannot be read: \(error)")
    }
  }

  /// Refuses a checkpoint of another architecture than its reader wants.
  static func check(_ wanted: Architecture, _ header: [UInt8], _ name: String) throws {
    let found = try architecture(header, name)
    guard found == wanted else {
      throw HintedError(
        "\(name): a checkpoint of \(found.name), where one of \(wanted.name) is needed",
        hint: found == .gpt
          ? "a GPT is a baseline: `alambic evaluate`, `talk` and `inspect` read it, and no image can hold it"
          : "name a checkpoint that was trained with a gpt preset")
    }
  }

  /// Checks magic, version and digest before anything else is believed: the text of the header.
  static func verifiedHeader(
    _ bytes: [UInt8], _ name: String
  ) throws -> [UInt8] {
    var reader = ByteReader(bytes, name: name)
    guard Array(try reader.take(magic.count, for: "magic")) == magic else {
      throw HintedError("\(name): not a checkpoint: it does not start with 'ALMBCKPT'")
    }
    let found = try reader.read(UInt32.self, "version")
    guard found == version else {
      throw HintedError(
        "\(name): checkpoint version \(found); this program reads version \(version)",
        hint: "use the release that wrote it, or remove the file and train again")
    }
    let byteCount = Int(try reader.read(UInt32.self, "header length"))
    guard byteCount <= headerByteLimit else {
      throw HintedError("\(name): a header of \(byteCount) bytes; the limit is \(headerByteLimit)")
    }
    try checkDigest(bytes, name)
    return Array(try reader.take(byteCount, for: "header"))
  }

  private static func checkDigest(_ bytes: [UInt8], _ name: String) throws {
    let bodyCount = bytes.count - digestByteCount
    guard bodyCount >= preludeByteCount, ContentID(of: bytes[..<bodyCount]).digest == Array(bytes[bodyCount...])
    else {
      throw HintedError(
        "\(name): the SHA-256 at the end does not match: the file is truncated or altered",
        hint: "go back to an earlier checkpoint or train again; the same settings give the same bytes")
    }
  }
}
