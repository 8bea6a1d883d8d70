import Basics
import Formats

/// What is signed: an in-toto statement with the digest of every file, as OpenSSF model signing 1.0 has it.
struct ModelStatement: Hashable, Codable {
  static let statementType = "https://in-toto.io/Statement/v1"
  static let currentPredicateType = "https://model_signing/signature/v1.0"

  var type = statementType
  var subject: [Subject]
  var predicateType = currentPredicateType
  var predicate: Predicate

  enum CodingKeys: String, CodingKey {
    case type = "_type"
    case subject, predicateType, predicate
  }

  struct Subject: Hashable, Codable {
    var name: String
    var digest: Digest
  }

  struct Digest: Hashable, Codable {
    var sha256: String
  }

  struct Predicate: Hashable, Codable {
    var serialization = Serialization()
    var resources: [Resource]
  }

  /// How a folder becomes resources: each file is one; no path is left out, so that nothing can be slipped in.
  struct Serialization: Hashable, Codable {
    var method = "files"
    var hashType = "sha256"
    var allowSymlinks = false

    enum CodingKeys: String, CodingKey {
      case method
      case hashType = "hash_type"
      case allowSymlinks = "allow_symlinks"
    }
  }

  struct Resource: Hashable, Codable {
    var name: String
    var algorithm = "sha256"
    var digest: String
  }

  /// Of all files that the bundle unpacks to.
  init(_ bundle: SealedBundle) throws {
    let resources = try bundle.unpackedFiles()
      .map { (path: $0.path.split(separator: "/").map(String.init), file: $0) }
      .sorted { $0.path.lexicographicallyPrecedes($1.path) }
      .map { Resource(name: $0.file.path, digest: ContentID(of: $0.file.bytes).hex) }
    predicate = Predicate(resources: resources)
    subject = [Subject(name: bundle.folderName, digest: Digest(sha256: Self.rootDigest(of: resources)))]
  }

  /// The SHA-256 of all digests, one after the other.
  static func rootDigest(of resources: [Resource]) -> String {
    ContentID(of: resources.flatMap { [UInt8](hexString: $0.digest) ?? [] }).hex
  }

  /// The first difference between what was signed and what is there, in one clause; nil where there is none.
  func difference(from bundle: SealedBundle) throws -> String? {
    let found = try bundle.unpackedFiles().map { ($0.path, ContentID(of: $0.bytes).hex) }
    let signed = Dictionary(predicate.resources.map { ($0.name, $0.digest) }) { first, _ in first }
    for (path, digest) in found where signed[path] != digest {
      return signed[path] == nil ? "'\(path)' was not signed" : "'\(path)' has another SHA-256 than was signed"
    }
    let paths = Set(found.map(\.0))
    return signed.keys.filter { !paths.contains($0) }.min().map { "'\($0)' was signed, and is missing" }
  }

  /// What is not as this version of the format has it, in one clause; nil for a statement that may be believed.
  var violation: String? {
    if type != Self.statementType { return "the statement's type is \(type)" }
    if predicateType != Self.currentPredicateType { return "the predicate's type is \(predicateType)" }
    if predicate.serialization.method != "files" || predicate.resources.contains(where: { $0.algorithm != "sha256" }) {
      return "the files are not serialised one by one with SHA-256"
    }
    let root = Self.rootDigest(of: predicate.resources)
    return subject.map(\.digest.sha256) == [root] ? nil : "the subject's digest is not that of the files"
  }
}
