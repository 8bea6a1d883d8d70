import ArgumentParser
import Basics
import Formats
import Foundation
import Shipping

/// `alambic sign`: whoever has the public key knows who sealed a bundle.
struct SignCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign",
    abstract: "Sign a bundle with a key that stays offline, in OpenSSF model signing's format.",
    discussion: """
      The signature is a file beside the bundle. `alambic verify --signed-by` checks it, and so does
      PyPI's model_signing on the unpacked folder. Keys are OpenSSL's, of an elliptic curve:

        openssl ecparam -name prime256v1 -genkey -noout -out key.pem
        openssl ec -in key.pem -pubout -out key.pub.pem

      EXAMPLES
        alambic sign thermostat-0123456789ab.alambic.tar --key key.pem
        alambic verify thermostat-0123456789ab.alambic.tar --signed-by key.pub.pem
      """.paragraphs)

  @Argument(help: ArgumentHelp("A bundle, or its unpacked folder.", valueName: "bundle"), completion: .file())
  var subject: String
  @Option(help: ArgumentHelp("The private key, in PEM.", valueName: "file"), completion: .file())
  var key: String
  @Option(
    name: .customLong("out"),
    help: ArgumentHelp("The signature (default: the folder's name and .sig, beside the bundle).", valueName: "file"),
    completion: .file())
  var output: String?
  @OptionGroup var common: CommonOptions

  /// What `--json` prints.
  private struct Result: Encodable {
    var schema = "alambic.sign/1"
    var signature: String
    var bundle: ContentID
    /// The SHA-256 of the public key's PEM file.
    var key: ContentID
  }

  func run() throws {
    let bundle = try BundleReader.read(subject)
    let signingKey = try SigningKey(pem: try PEMFile.read(key), name: key)
    let path = output ?? ModelSignature.path(beside: subject, of: bundle)
    try AtomicFile.write(try ModelSignature(of: bundle, by: signingKey).json, to: path)
    if common.json {
      return try Output.json(Result(signature: path, bundle: bundle.id, key: signingKey.publicKey.id))
    }
    Output.text("\(path): \(bundle.folderName), signed by the key \(signingKey.publicKey.id.short)")
  }
}

enum PEMFile {
  static func read(_ path: String) throws -> String { String(decoding: try AtomicFile.read(path), as: UTF8.self) }
}
