import Basics
import Crypto
import Foundation

/// A private key of an elliptic curve: the curves and hashes of OpenSSF model signing's method `key`.
public enum SigningKey: Sendable {
  case p256(P256.Signing.PrivateKey)
  case p384(P384.Signing.PrivateKey)
  case p521(P521.Signing.PrivateKey)

  /// Reads a PEM file as `openssl ecparam -genkey` (SEC 1) or `openssl genpkey` (PKCS #8) writes it.
  /// - Throws: `HintedError` for a file without a private key of one of the curves.
  public init(pem: String, name: String) throws {
    guard let block = PEMBlock.find(["EC PRIVATE KEY", "PRIVATE KEY"], in: pem) else {
      throw HintedError(
        pem.contains("ENCRYPTED PRIVATE KEY") ? "\(name): the key is encrypted" : "\(name): no private key in PEM",
        hint: "make one: openssl ecparam -name prime256v1 -genkey -noout -out key.pem", status: .usage)
    }
    if let key = try? P256.Signing.PrivateKey(pemRepresentation: block) {
      self = .p256(key)
    } else if let key = try? P384.Signing.PrivateKey(pemRepresentation: block) {
      self = .p384(key)
    } else if let key = try? P521.Signing.PrivateKey(pemRepresentation: block) {
      self = .p521(key)
    } else {
      throw HintedError(
        "\(name): the key is not of prime256v1, secp384r1 or secp521r1",
        hint: "model signing knows no other: openssl ecparam -name prime256v1 -genkey -noout -out key.pem",
        status: .usage)
    }
  }

  public var publicKey: VerifyingKey {
    switch self {
    case .p256(let key): .p256(key.publicKey)
    case .p384(let key): .p384(key.publicKey)
    case .p521(let key): .p521(key.publicKey)
    }
  }

  /// ECDSA with the hash of the curve's size, in DER.
  func signature(of message: Data) throws -> Data {
    switch self {
    case .p256(let key): try key.signature(for: message).derRepresentation
    case .p384(let key): try key.signature(for: message).derRepresentation
    case .p521(let key): try key.signature(for: message).derRepresentation
    }
  }
}

/// The public key of such a pair.
public enum VerifyingKey: Sendable {
  case p256(P256.Signing.PublicKey)
  case p384(P384.Signing.PublicKey)
  case p521(P521.Signing.PublicKey)

  /// - Throws: `HintedError` for a file without a public key of one of the curves.
  public init(pem: String, name: String) throws {
    let block = PEMBlock.find(["PUBLIC KEY"], in: pem) ?? ""
    if let key = try? P256.Signing.PublicKey(pemRepresentation: block) {
      self = .p256(key)
    } else if let key = try? P384.Signing.PublicKey(pemRepresentation: block) {
      self = .p384(key)
    } else if let key = try? P521.Signing.PublicKey(pemRepresentation: block) {
      self = .p521(key)
    } else {
      throw HintedError(
        "\(name): no public key of prime256v1, secp384r1 or secp521r1 in PEM",
        hint: "take it from the private key: openssl ec -in key.pem -pubout -out key.pub.pem", status: .usage)
    }
  }

  /// The PEM file that `openssl ec -pubout` writes.
  public var pem: String {
    let bytes =
      switch self {
      case .p256(let key): key.derRepresentation
      case .p384(let key): key.derRepresentation
      case .p521(let key): key.derRepresentation
      }
    return PEMBlock.text("PUBLIC KEY", bytes)
  }

  /// What names the key in a signature: the SHA-256 of its PEM file.
  public var id: ContentID { ContentID(of: pem) }

  func accepts(_ signature: Data, of message: Data) -> Bool {
    switch self {
    case .p256(let key):
      (try? P256.Signing.ECDSASignature(derRepresentation: signature)).map { key.isValidSignature($0, for: message) }
        ?? false
    case .p384(let key):
      (try? P384.Signing.ECDSASignature(derRepresentation: signature)).map { key.isValidSignature($0, for: message) }
        ?? false
    case .p521(let key):
      (try? P521.Signing.ECDSASignature(derRepresentation: signature)).map { key.isValidSignature($0, for: message) }
        ?? false
    }
  }
}
