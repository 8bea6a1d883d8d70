import Basics
import Crypto
import Formats
import Foundation
import Shipping
import TestSupport
import Testing

/// What PyPI's model_signing says of the same files is checked by `make signed`.
@Suite("ModelSignature")
struct ModelSignatureTests {
  private static let keys: [String] = [
    P256.Signing.PrivateKey().pemRepresentation, P384.Signing.PrivateKey().pemRepresentation,
    P521.Signing.PrivateKey().pemRepresentation,
  ]

  private static func bundle() throws -> SealedBundle { try Bundler().seal(BundlerTests.contents) }

  private func refusal(_ signature: ModelSignature, of bundle: SealedBundle, by key: VerifyingKey) -> String {
    let error = #expect(throws: HintedError.self) { try signature.check(bundle, by: key, name: "s") }
    #expect(error?.status == .answerIsNo)
    return error?.message ?? ""
  }

  @Test("what a key signs is accepted by its public key and by no other", arguments: 0..<3)
  func roundTrip(number: Int) throws {
    let key = try SigningKey(pem: Self.keys[number], name: "k")
    let bundle = try Self.bundle()
    let file = Array(try ModelSignature(of: bundle, by: key).json.utf8)
    let signature = try ModelSignature(reading: file, name: "s")
    let publicKey = try VerifyingKey(pem: key.publicKey.pem, name: "p")
    #expect(publicKey.id == key.publicKey.id)
    try signature.check(bundle, by: publicKey, name: "s")
    let other = try SigningKey(pem: Self.keys[(number + 1) % 3], name: "o").publicKey
    #expect(refusal(signature, of: bundle, by: other) == "s: another key has signed")
  }

  @Test("a file that was changed, added or removed is named, though the bundle was sealed anew")
  func otherFiles() throws {
    let key = try SigningKey(pem: Self.keys[0], name: "k")
    let bundle = try Self.bundle()
    let signature = try ModelSignature(of: bundle, by: key)
    let cases: [((inout [BundleFile]) -> Void, String)] = [
      ({ $0[2].bytes[0] ^= 1 }, "s: 'model.atome' has another SHA-256 than was signed"),
      ({ $0.insert(BundleFile(path: "a", text: "x"), at: 0) }, "s: 'a' was not signed"),
      ({ $0 = $0.reversed() }, "s: 'manifest.json' has another SHA-256 than was signed"),
    ]
    for (change, expected) in cases {
      var files = bundle.files
      change(&files)
      let changed = try SealedBundle(name: bundle.manifest.name, files: files)
      #expect(refusal(signature, of: changed, by: key.publicKey) == expected)
    }
  }

  @Test("no byte of the statement and none of the signature can change")
  func changedSignatures() throws {
    let key = try SigningKey(pem: Self.keys[0], name: "k")
    let bundle = try Self.bundle()
    let whole = try JSONSerialization.jsonObject(with: Data(try ModelSignature(of: bundle, by: key).json.utf8))
    var file = try #require(whole as? [String: Any])
    let envelope = try #require(file["dsseEnvelope"] as? [String: Any])
    let payload = try #require((envelope["payload"] as? String).flatMap { Data(base64Encoded: $0) })
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<40 {
      var changed = payload
      changed[generator.below(payload.count)] ^= 1 << UInt8(generator.below(8))
      var other = envelope
      other["payload"] = changed.base64EncodedString()
      file["dsseEnvelope"] = other
      let signature = try ModelSignature(reading: Array(JSONSerialization.data(withJSONObject: file)), name: "s")
      #expect(
        refusal(signature, of: bundle, by: key.publicKey) == "s: the signature is not this key's over this statement")
    }
  }

  @Test("the payload is the statement of OpenSSF model signing 1.0: files by path, a digest of digests")
  func statement() throws {
    let bundle = try Self.bundle()
    let key = try SigningKey(pem: Self.keys[0], name: "k")
    let file = try JSONSerialization.jsonObject(with: Data(try ModelSignature(of: bundle, by: key).json.utf8))
    let envelope = try #require((file as? [String: Any])?["dsseEnvelope"] as? [String: Any])
    let payload = try #require((envelope["payload"] as? String).flatMap { Data(base64Encoded: $0) })
    let statement = try #require(try JSONSerialization.jsonObject(with: payload) as? [String: Any])
    #expect(statement["_type"] as? String == "https://in-toto.io/Statement/v1")
    #expect(statement["predicateType"] as? String == "https://model_signing/signature/v1.0")
    let predicate = try #require(statement["predicate"] as? [String: Any])
    let resources = try #require(predicate["resources"] as? [[String: String]])
    #expect(
      resources.compactMap { $0["name"] } == [
        "DATASHEET.md", "LICENSES.md", "README.md", "README.txt", "SHA256SUMS", "manifest.json", "model.atome",
        "provenance.json", "receipts.json", "recipe/lists/rooms.txt", "recipe/prompts.yaml", "report.html",
        "report.json", "transcript.json", "vectors.bin",
        "verify.py",
      ])
    let digests = try resources.flatMap { try #require([UInt8](hexString: $0["digest"] ?? "")) }
    let subject = try #require((statement["subject"] as? [[String: Any]])?.first)
    #expect(subject["name"] as? String == bundle.folderName)
    #expect(subject["digest"] as? [String: String] == ["sha256": ContentID(of: digests).hex])
  }

  @Test("OpenSSL's files are read: the curve's block before the key, PKCS #8, and the public key byte for byte")
  func openSSL() async throws {
    try await withTemporaryFolder { folder in
      for (number, curve) in ["prime256v1", "secp384r1", "secp521r1"].enumerated() {
        let steps = [
          ["ecparam", "-name", curve, "-genkey", "-out", "key.pem"],
          ["ec", "-in", "key.pem", "-pubout", "-out", "pub.pem"],
          ["pkcs8", "-topk8", "-nocrypt", "-in", "key.pem", "-out", "pkcs8.pem"],
        ]
        for step in steps { #expect(try await runTool("openssl", step, in: folder).status == 0) }
        let text = { (name: String) in String(decoding: try AtomicFile.read("\(folder)/\(name)"), as: UTF8.self) }
        let key = try SigningKey(pem: try text("key.pem"), name: "k")
        #expect(key.publicKey.pem == (try text("pub.pem")), "curve \(number)")
        #expect(try SigningKey(pem: try text("pkcs8.pem"), name: "k").publicKey.id == key.publicKey.id)
      }
      #expect(
        try await runTool("openssl", ["genpkey", "-algorithm", "ed25519", "-out", "ed.pem"], in: folder).status == 0)
      let other = String(decoding: try AtomicFile.read("\(folder)/ed.pem"), as: UTF8.self)
      let error = #expect(throws: HintedError.self) { try SigningKey(pem: other, name: "ed.pem") }
      #expect(error?.message == "ed.pem: the key is not of prime256v1, secp384r1 or secp521r1")
      let none = #expect(throws: HintedError.self) { try VerifyingKey(pem: other, name: "ed.pem") }
      #expect(none?.message == "ed.pem: no public key of prime256v1, secp384r1 or secp521r1 in PEM")
    }
  }
}
