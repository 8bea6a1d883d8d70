import Basics
import Formats
import Foundation

/// A signature of a bundle in OpenSSF model signing's format: a sigstore bundle with a DSSE envelope around an in-toto
/// statement. `model_signing verify key` of PyPI reads it. Specified in docs/formats/bundle.md.
public struct ModelSignature: Codable, Sendable {
  private static let currentMediaType = "application/vnd.dev.sigstore.bundle.v0.3+json"
  private static let statementPayloadType = "application/vnd.in-toto+json"

  private var mediaType = currentMediaType
  private var verificationMaterial: Material
  private var dsseEnvelope: Envelope

  private struct Material: Codable {
    var publicKey: Key
    /// No transparency log: the key is kept offline.
    var tlogEntries: [String]?

    struct Key: Codable {
      /// The SHA-256 of the public key's PEM file.
      var hint: String
    }
  }

  private struct Envelope: Codable {
    var payload: Data
    var payloadType = statementPayloadType
    var signatures: [Signature]

    struct Signature: Codable {
      var sig: Data
      var keyid: String?
    }
  }

  /// Signs all files that the bundle unpacks to.
  public init(of bundle: SealedBundle, by key: SigningKey) throws {
    let payload = Data(try CanonicalJSON.encode(try ModelStatement(bundle)))
    let signature = try key.signature(of: Self.encoded(payload))
    verificationMaterial = Material(publicKey: Material.Key(hint: key.publicKey.id.hex), tlogEntries: [])
    dsseEnvelope = Envelope(payload: payload, signatures: [Envelope.Signature(sig: signature, keyid: "")])
  }

  /// Where a bundle's signature lies unless it is said: beside the archive or the folder, for a file in the folder
  /// would be one too many.
  public static func path(beside subject: String, of bundle: SealedBundle) -> String {
    URL(fileURLWithPath: subject).deletingLastPathComponent().appendingPathComponent("\(bundle.folderName).sig")
      .relativePath
  }

  /// - Throws: `HintedError` for JSON that is no such signature.
  public init(reading bytes: [UInt8], name: String) throws {
    self = try CanonicalJSON.decode(Self.self, from: bytes, named: name)
    guard mediaType == Self.currentMediaType, dsseEnvelope.payloadType == Self.statementPayloadType else {
      throw HintedError(
        "\(name) is \(mediaType) around \(dsseEnvelope.payloadType)",
        hint: "this program reads \(Self.currentMediaType) around \(Self.statementPayloadType)")
    }
  }

  /// The file's bytes.
  public var json: String {
    get throws { try CanonicalJSON.pretty(self) }
  }

  /// Checks that the holder of the key signed exactly these files.
  /// - Parameter name: the signature's path, for messages.
  /// - Throws: `HintedError` that says what is wrong: the key, the signature, or a file.
  public func check(_ bundle: SealedBundle, by key: VerifyingKey, name: String) throws {
    func refuse(_ problem: String) -> HintedError {
      HintedError(
        "\(name): \(problem)", hint: "do not use the bundle before its maker has explained that", status: .answerIsNo)
    }
    guard verificationMaterial.publicKey.hint == key.id.hex else { throw refuse("another key has signed") }
    guard dsseEnvelope.signatures.count == 1, let signature = dsseEnvelope.signatures.first,
      key.accepts(signature.sig, of: Self.encoded(dsseEnvelope.payload))
    else { throw refuse("the signature is not this key's over this statement") }
    let statement = try CanonicalJSON.decode(
      ModelStatement.self, from: Array(dsseEnvelope.payload), named: "\(name): the statement")
    if let problem = try statement.violation ?? statement.difference(from: bundle) { throw refuse(problem) }
  }

  /// DSSE's pre-authentication encoding, which is what is signed.
  private static func encoded(_ payload: Data) -> Data {
    let type = statementPayloadType
    return Data("DSSEv1 \(type.utf8.count) \(type) \(payload.count) ".utf8) + payload
  }
}
