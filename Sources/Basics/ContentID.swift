import Crypto
import Foundation

/// The name of some bytes: `sha256:` and 64 lower-case hexadecimal digits.
///
/// The algorithm stands in the id, so that a later one can live beside it.
public struct ContentID: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The 64 hexadecimal digits.
  public let hex: String

  public static let prefix = "sha256:"

  init(hexDigits: String) { hex = hexDigits }

  /// The id of `bytes`.
  public init(of bytes: some DataProtocol) {
    hex = SHA256.hash(data: bytes).hexString
  }

  /// The id of a text's UTF-8 bytes.
  public init(of text: String) {
    self.init(of: Array(text.utf8))
  }

  /// The id of a value's canonical JSON (sorted keys, no spaces, slashes unescaped): part of the contract,
  /// since another encoding would be another id.
  public init(ofCanonical value: some Encodable) throws {
    self.init(of: try CanonicalJSON.encode(value))
  }

  /// The id of a 32-byte SHA-256 digest.
  public init?(digest: some Collection<UInt8>) {
    guard digest.count == 32 else { return nil }
    hex = digest.hexString
  }

  /// Parses `sha256:<64 hex digits>`; nil for anything else.
  public init?(_ text: String) {
    // Bytes, not characters: ledgers hold millions of these.
    guard text.utf8.starts(with: Self.prefix.utf8) else { return nil }
    let digits = text.utf8.dropFirst(Self.prefix.utf8.count)
    let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) }
    guard digits.count == 64, digits.allSatisfy(isDigit) else { return nil }
    hex = String(Substring(digits))
  }

  /// The 32 bytes of the digest.
  public var digest: [UInt8] { [UInt8](hexString: hex) ?? [] }

  /// The first 64 bits of the digest, big-endian: what a choice that follows from an id is made by.
  public var firstBits: UInt64 { digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }

  /// The first 12 digits, for lines that a person reads.
  public var short: String { String(hex.prefix(12)) }

  public var description: String { Self.prefix + hex }

  public static func < (left: ContentID, right: ContentID) -> Bool { left.hex < right.hex }
}

extension ContentID: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let id = ContentID(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "'\(text)' is not a content id (sha256: and 64 hex digits)")
    }
    self = id
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
